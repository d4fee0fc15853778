"""Runs processes call by call in every order that there is, or in a bounded number of them.

Orders that have led to the same state are one from there on: the same content of the account, and
the same answers seen by each process, which do nothing but what their answers tell them. So a state
is explored once, whatever number of orders leads to it; no end is lost by that.
"""

from __future__ import annotations

import hashlib
import os
import random
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from unittest import mock

from tests.fakes.cloud import Call, Cloud, Fault
from tests.fakes.wire import Reply, Request

Process = Callable[[], None]
WAIT_SECONDS = 60
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
# Two processes have some hundred orders, three of many calls have more than a night has time for.
MOST, DRAWN = 1000, 500


@dataclass
class _Lane:
    """A process that stops before each call of interest until it is told to go on."""

    number: int
    process: Process
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    done: bool = False
    error: BaseException | None = None
    tokens: int = 0
    seen: str = ""

    def run(self) -> None:
        try:
            self.process()
        except BaseException as error:  # noqa: BLE001 - handed on to the test
            self.error = error
        self.done = True
        self.arrived.release()

    def token(self) -> uuid.UUID:
        """As random as needed: no other lane has it, and it is the same in each play."""
        self.tokens += 1
        return uuid.UUID(int=(self.number + 1 << 64) + self.tokens)

    def saw(self, request: Request, reply: Reply) -> None:
        """Take an answer into the account of all that the process knows."""
        text = f"{self.seen} {request.operation} {request.path} {reply.status} {reply.body!r}"
        self.seen = hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Explored:
    """How far the exploration is: orders played to their end, and states that differ."""

    orders: int = 0
    states: set[str] = field(default_factory=set)


def every_order(
    cloud: Cloud,
    processes: Callable[[], Sequence[Process]],
    matters: Callable[[Call], bool],
    explored: Explored | None = None,
    few: int = 20,
) -> Iterator[tuple[int, ...]]:
    """The first few orders of the calls that matter; in the long profile all, if no more than MOST.

    Where there are more, the first ones differ in their last calls only. So the long profile draws
    others from all of them.
    """
    restore = cloud.snapshot()
    orders = schedules(cloud, restore, processes, matters, explored or Explored())
    yield from islice(orders, MOST if THOROUGH else few)
    if THOROUGH and next(orders, None) is not None:
        for _ in range(DRAWN):
            restore()
            taken, _ = _play(cloud, processes(), matters, [], None, choose=random.choice)
            yield tuple(taken)


def schedules(
    cloud: Cloud,
    restore: Callable[[], None],
    processes: Callable[[], Sequence[Process]],
    matters: Callable[[Call], bool],
    explored: Explored | None = None,
) -> Iterator[tuple[int, ...]]:
    """Play the orders of the calls that matter, each from the restored state; yields each order.

    Depth first: the last choice that had an untried alternative is changed, and what follows is
    found anew. What the processes do between two such calls happens at once. With `explored` equal
    states are explored once, without it all orders are played.
    """
    plan: list[int] = []
    while True:
        restore()
        taken, choices = _play(cloud, processes(), matters, plan, explored)
        if explored is not None:
            explored.orders += 1
        yield tuple(taken)
        place = len(taken) - 1
        while place >= 0 and not [item for item in choices[place] if item > taken[place]]:
            place -= 1
        if place < 0:
            return
        plan = [*taken[:place], min(item for item in choices[place] if item > taken[place])]


def _play(
    cloud: Cloud,
    processes: Sequence[Process],
    matters: Callable[[Call], bool],
    plan: list[int],
    explored: Explored | None,
    *,
    choose: Callable[[Sequence[int]], int] = min,
) -> tuple[list[int], list[list[int]]]:
    lanes = [_Lane(number, process) for number, process in enumerate(processes)]
    own: dict[int, _Lane] = {}
    carry_out, random_token = cloud._carry_out, uuid.uuid4

    def here() -> _Lane | None:
        return own.get(threading.get_ident())

    def hook(call: Call) -> Fault | None:
        lane = here()
        if lane is not None and matters(call):
            lane.arrived.release()
            assert lane.go.acquire(timeout=WAIT_SECONDS)
        return None

    def watched(request: Request) -> Reply:
        reply, lane = carry_out(request), here()
        if lane is not None:
            lane.saw(request, reply)
        return reply

    def token() -> uuid.UUID:
        lane = here()
        return lane.token() if lane is not None else random_token()

    def start(lane: _Lane) -> None:
        own[threading.get_ident()] = lane
        lane.run()

    cloud.hook = hook
    taken: list[int] = []
    choices: list[list[int]] = []
    known = False
    with mock.patch.object(cloud, "_carry_out", watched), mock.patch("uuid.uuid4", token):
        for lane in lanes:
            threading.Thread(target=start, args=(lane,), daemon=True).start()
            assert lane.arrived.acquire(timeout=WAIT_SECONDS)
        while runnable := [lane.number for lane in lanes if not lane.done]:
            chosen = plan[len(taken)] if len(taken) < len(plan) else choose(runnable)
            choices.append([chosen] if known else runnable)
            taken.append(chosen)
            lanes[chosen].go.release()
            assert lanes[chosen].arrived.acquire(timeout=WAIT_SECONDS)
            if explored is not None and not known and len(taken) >= len(plan):
                state = _state(cloud, lanes)
                known = state in explored.states
                explored.states.add(state)
    cloud.hook = None
    for lane in lanes:
        if lane.error is not None:
            raise lane.error
    return taken, choices


def _state(cloud: Cloud, lanes: Sequence[_Lane]) -> str:
    """A digest of all that decides what can happen from here on."""
    stored = [
        (bucket, key, [version.body for version in versions])
        for bucket, keys in sorted(cloud.s3.buckets.items())
        for key, versions in sorted(keys.items())
    ]
    glue = (
        cloud.glue.runs,
        cloud.functions.runs,
        sorted(cloud.glue.partitions.items(), key=lambda item: item[0]),
    )
    text = repr((stored, glue, cloud.now, [(lane.seen, lane.done) for lane in lanes]))
    return hashlib.sha256(text.encode()).hexdigest()
