"""Runs processes call by call in every order that there is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.fakes.cloud import Call, Cloud, Fault

Process = Callable[[], None]
WAIT_SECONDS = 60


@dataclass
class _Lane:
    """A process that stops before each call of interest until it is told to go on."""

    process: Process
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    done: bool = False
    error: BaseException | None = None

    def run(self) -> None:
        try:
            self.process()
        except BaseException as error:  # noqa: BLE001 - handed on to the test
            self.error = error
        self.done = True
        self.arrived.release()


def schedules(
    cloud: Cloud,
    restore: Callable[[], None],
    processes: Callable[[], Sequence[Process]],
    matters: Callable[[Call], bool],
) -> Iterator[tuple[int, ...]]:
    """Play all orders of the calls that matter, each from the restored state; yields each order.

    Depth first: the last choice that had an untried alternative is changed, and what follows is
    found anew. What the processes do between two such calls happens at once.
    """
    plan: list[int] = []
    while True:
        restore()
        taken, choices = _play(cloud, processes(), matters, plan)
        yield tuple(taken)
        place = len(taken) - 1
        while place >= 0 and not [item for item in choices[place] if item > taken[place]]:
            place -= 1
        if place < 0:
            return
        plan = [*taken[:place], min(item for item in choices[place] if item > taken[place])]


def _play(
    cloud: Cloud, processes: Sequence[Process], matters: Callable[[Call], bool], plan: list[int]
) -> tuple[list[int], list[list[int]]]:
    lanes = [_Lane(process) for process in processes]
    threads = [threading.Thread(target=lane.run, daemon=True) for lane in lanes]
    own: dict[int | None, _Lane] = {}

    def hook(call: Call) -> Fault | None:
        lane = own.get(threading.get_ident())
        if lane is not None and matters(call):
            lane.arrived.release()
            assert lane.go.acquire(timeout=WAIT_SECONDS)
        return None

    cloud.hook = hook
    taken: list[int] = []
    choices: list[list[int]] = []
    for lane, thread in zip(lanes, threads, strict=True):
        lane.process = _named(own, lane, lane.process)
        thread.start()
        assert lane.arrived.acquire(timeout=WAIT_SECONDS)
    while runnable := [index for index, lane in enumerate(lanes) if not lane.done]:
        chosen = plan[len(taken)] if len(taken) < len(plan) else runnable[0]
        choices.append(runnable)
        taken.append(chosen)
        lanes[chosen].go.release()
        assert lanes[chosen].arrived.acquire(timeout=WAIT_SECONDS)
    cloud.hook = None
    for lane in lanes:
        if lane.error is not None:
            raise lane.error
    return taken, choices


def _named(own: dict[int | None, _Lane], lane: _Lane, process: Process) -> Process:
    def run() -> None:
        own[threading.get_ident()] = lane
        process()

    return run
