"""Everything happens in any order, against a model that fits on a page.

The model knows what was uploaded. At all times readers see, of each batch, nothing yet or one
version of each required file, and never an older revision than before; in the end they see the
newest. HYPOTHESIS_PROFILE=thorough runs at least 10,000 steps, SEED=<n> repeats a run.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lakegate.aws.errors import OperationRefusedError
from lakegate.ledger import operations
from lakegate.ledger.records import Engine
from tests.fakes.cloud import FAULTS, Call, Fault
from tests.fakes.s3 import Version
from tests.faults.world import TROUBLE, World, body

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(2**32)))
REQUIRED = ("users", "events", "orders")

batches = st.sampled_from(["a", "b"])
datasets = st.sampled_from(REQUIRED)
faults = st.sampled_from([None, None, *FAULTS])
places = st.integers(0, 25)
numbers = st.integers(0, 1000)


class Pipeline(RuleBasedStateMachine):
    """Two batches in one account whose engine may run twice at a time."""

    engine: Engine = "spark"
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.engine)
        self.world.room(2)
        self.good: dict[tuple[str, str], list[Version]] = {}
        self.events: list[Version] = []
        self.jobs: dict[str, Iterator[str]] = {}
        self.seen_order: dict[str, int] = {}
        self.uploads = 0

    # What producers and the platform do.

    @rule(batch=batches, dataset=datasets, good=st.sampled_from([True, True, True, False]))
    def upload(self, batch: str, dataset: str, good: bool) -> None:
        self.uploads += 1
        content = body(dataset, self.uploads) if good else b"nonsense\n"
        version = self.world.upload(f"{batch}/{dataset}.json", content)
        self.events.append(version)
        if good:
            self.good.setdefault((batch, dataset), []).append(version)

    @rule(number=numbers, fault=faults, place=places)
    def deliver(self, number: int, fault: Fault | None, place: int) -> None:
        """Any notification there ever was: late, early, again, or never."""
        if self.events:
            version = self.events[number % len(self.events)]
            self._with_fault(lambda: self.world.notify(version), fault, place)

    @rule(number=numbers, other=numbers)
    def deliver_together(self, number: int, other: int) -> None:
        """Several records in one event."""
        if self.events:
            pair = [self.events[index % len(self.events)] for index in (number, other)]
            self._with_fault(lambda: self.world.notify(*pair), None, 0)

    @rule(fault=faults, place=places, bronze=st.booleans())
    def reconcile(self, fault: Fault | None, place: int, bronze: bool) -> None:
        self._with_fault(lambda: self.world.reconcile(look_at_bronze=bronze), fault, place)

    @rule(number=numbers, stages=st.integers(1, 9), fault=faults, place=st.integers(0, 6))
    def job(self, number: int, stages: int, fault: Fault | None, place: int) -> None:
        """A run gets on by some stages; trouble ends it, also where Glue has lost sight of it."""
        runs = [run for run in self.world.runs if run["JobRunState"] in ("STARTING", "RUNNING")]
        if not runs:
            return
        run = runs[number % len(runs)]
        stage = self.jobs.setdefault(run["Id"], self.world.job(run))

        def go_on() -> None:
            for _ in range(stages):
                next(stage)

        try:
            self._fault(fault, place)
            go_on()
        except StopIteration:
            run["JobRunState"] = "SUCCEEDED"
        except TROUBLE:
            run["JobRunState"] = "FAILED"
        finally:
            self.world.cloud.hook = None

    @rule(
        number=numbers, state=st.sampled_from(["FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED"])
    )
    def kill(self, number: int, state: str) -> None:
        """A run is ended wherever it is; only Glue tells of it."""
        live = [run for run in self.world.runs if run["JobRunState"] in ("STARTING", "RUNNING")]
        if live:
            run = live[number % len(live)]
            run["JobRunState"] = state
            self.jobs.pop(run["Id"], None)

    @rule(number=numbers)
    def vanish(self, number: int) -> None:
        """Glue forgets a run, which may go on all the same."""
        runs = self.world.cloud.glue.runs
        if runs:
            self.world.cloud.glue.hidden.add(runs[number % len(runs)]["Id"])

    @rule(seconds=st.sampled_from([1, 60, 200, 1000, 4 * 3600, 25 * 3600]))
    def wait(self, seconds: int) -> None:
        self.world.cloud.sleep(seconds)

    # What must hold at all times.

    @invariant()
    def readers_see_one_version_of_each_file_or_nothing_yet(self) -> None:
        type(self).steps += 1
        for batch in ("a", "b"):
            found = self.world.readers_see(batch)
            if found is None:
                assert batch not in self.seen_order or self.world.location(batch) is None
                continue
            assert len(found) == len(REQUIRED), f"{batch}: {found}"
            for dataset in REQUIRED:
                uploaded = {version.body for version in self.good.get((batch, dataset), [])}
                assert len(uploaded & set(found)) == 1, f"{batch}/{dataset}: {found}"

    @invariant()
    def publications_never_go_back_and_never_repeat(self) -> None:
        for batch in ("a", "b"):
            pointer = self.world.peek(batch)[1]
            if pointer is not None:
                assert pointer.order >= self.seen_order.get(batch, 0)
                self.seen_order[batch] = pointer.order
                orders = [move.order for move in pointer.history]
                assert orders == sorted(set(orders))
                assert len({move.revision for move in pointer.history}) == len(pointer.history)

    @invariant()
    def an_attempt_that_glue_shows_is_started_once(self) -> None:
        glue = self.world.cloud.glue
        attempts = Counter(
            (run["Arguments"]["--REVISION"], run["Arguments"]["--ATTEMPT"])
            for run in glue.runs
            if run["Id"] not in glue.hidden
        )
        assert not attempts or max(attempts.values()) == 1

    @invariant()
    def silver_holds_nothing_but_good_files(self) -> None:
        good = {version.body for versions in self.good.values() for version in versions}
        assert set(self.world.contents("silver").values()) <= good

    # What must hold in the end.

    def teardown(self) -> None:
        world = self.world
        world.queue.clear()
        for run in world.runs:
            if run["JobRunState"] == "RUNNING":
                run["JobRunState"] = "FAILED"
        world.cloud.sleep(3600)
        world.settle(rounds=20)
        if any(b'"state":"exhausted"' in text for text in world.contents("control").values()):
            for batch in world.batches():
                self._replay(batch)
            world.settle(rounds=20)
        for batch in ("a", "b"):
            newest = [self.good.get((batch, dataset), [None])[-1] for dataset in REQUIRED]
            if None not in newest:
                wanted = sorted(version.body or b"" for version in newest if version)
                assert world.readers_see(batch) == wanted
        copies = [key for key in world.contents("silver")]
        assert len(copies) == sum(len(versions) for versions in self.good.values())
        refused = len(self.events) - len(copies)
        assert len(world.contents("quarantine")) == refused
        assert len(world.written("bronze")) == len(self.events)

    def _replay(self, batch: str) -> None:
        audit = operations.audit("replay", "test", "exhausted", self.world.cloud.now)
        try:
            operations.replay(self.world.store(), batch, self.world.contract, audit)
        except OperationRefusedError:
            return

    def _with_fault(self, step: Any, fault: Fault | None, place: int) -> None:
        self._fault(fault, place)
        self.world.fails(step)
        self.world.cloud.hook = None

    def _fault(self, fault: Fault | None, place: int) -> None:
        target = len(self.world.cloud.calls) + place

        def hook(call: Call) -> Fault | None:
            return fault if call.index == target else None

        self.world.cloud.hook = hook


class Functions(Pipeline):
    """The same with the runs of a function, of which nobody but the ledger tells."""

    engine: Engine = "duckdb"


@pytest.mark.parametrize("machine", [Pipeline, Functions])
def test_the_pipeline_keeps_its_promises_whatever_happens(machine: type[Pipeline]) -> None:
    profile = settings(
        max_examples=260 if THOROUGH else 12,
        stateful_step_count=50 if THOROUGH else 30,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        database=None,
    )
    print(f"seed {SEED}")  # noqa: T201 - so that a failure can be run again
    machine.steps = 0
    run_state_machine_as_test(seed(SEED)(machine), settings=profile)
    print(f"steps {machine.steps}")  # noqa: T201
    assert machine.steps >= (10_000 if THOROUGH else 100)
