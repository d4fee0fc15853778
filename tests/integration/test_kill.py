"""The Spark job is killed at stages that S3 shows; readers see old or new, and the end is reached.

By default it is killed once, half-way through its writing; HYPOTHESIS_PROFILE=thorough kills it
right behind its fence and right behind its publication as well.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lakegate.aws.store import Store
from lakegate.ledger import catalog, keys, publication
from lakegate.ledger.records import Publication, Published
from local.places import ROOT
from tests.integration.conftest import World
from tests.integration.job_script import QUICK, job_script

pytestmark = [
    pytest.mark.stack,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(
        os.environ.get("BACKEND") == "localstack", reason="runs are processes of this machine"
    ),
]

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
SAMPLE = ROOT / "data" / "sample_data"
PATIENCE_SECONDS = 1200


def process_of(run_id: str) -> int | None:
    """The process group of a run, if it has begun."""
    shown = subprocess.run(
        ["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True
    )
    for line in shown.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        if run_id in command and "bootstrap.py" in command:
            return int(pid)
    return None


@dataclass
class Victim:
    """A batch, and a reader who looks at its partition all the time."""

    world: World
    batch: str
    seen: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.s3: Any = self.world.clients.s3
        self.glue: Any = self.world.clients.glue
        self.out = self.world.outputs
        self.store = Store(self.s3, self.out["control_bucket"])

    def upload(self, name: str, extra: bytes = b"") -> None:
        content = (SAMPLE / f"{name}.json").read_bytes() + extra
        self.s3.put_object(
            Bucket=self.out["bronze_bucket"], Key=f"{self.batch}/{name}.json", Body=content
        )

    def pointer(self) -> Published | None:
        stored = publication.read(self.store, self.batch)
        return stored.record if stored else None

    def runs(self) -> list[dict[str, Any]]:
        """The batch's runs, the first one first."""
        found = self.glue.get_job_runs(JobName=self.out["glue_job"])["JobRuns"]
        own = [run for run in found if run["Arguments"].get("--BATCH_ID") == self.batch]
        return sorted(own, key=lambda run: run["StartedOn"])

    def keys(self, bucket: str, prefix: str) -> list[str]:
        answer = self.s3.list_objects_v2(Bucket=self.out[f"{bucket}_bucket"], Prefix=prefix)
        return [item["Key"] for item in answer.get("Contents", [])]

    def location(self) -> str | None:
        table = self.out["gold_table"]
        known = catalog.Catalog(
            self.glue, self.out["glue_database"], (table,), self.out["gold_bucket"]
        )
        return catalog.current(known, table, self.batch)

    def watch(self) -> None:
        """Follow the partition until told to stop, and note where it led and whether to nothing."""
        while not self.over.wait(0.5):
            where = self.location()
            if where is None:
                if self.seen:
                    self.empty.append("no partition")
                continue
            if where not in self.seen:
                self.seen.append(where)
            prefix = where.removeprefix(f"s3://{self.out['gold_bucket']}/")
            if not any(key.endswith(".parquet") for key in self.keys("gold", prefix)):
                self.empty.append(where)

    def reconcile(self) -> None:
        functions: Any = self.world.clients.functions
        with contextlib.suppress(ClientError):
            functions.invoke(FunctionName=self.out["reconciler_function"], Payload=b"{}")

    def until(self, what: Callable[[], bool], *, reconciling: bool = False) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        looked = time.monotonic()
        while not what():
            assert time.monotonic() < deadline, self.runs()
            if reconciling and time.monotonic() - looked > 15:
                self.reconcile()
                looked = time.monotonic()
            time.sleep(0.5 if reconciling else 0.01)

    def kill_when(self, number: int, stage: Callable[[str], bool]) -> str:
        """Kill the number-th run once it has got to a stage; the id of the run."""
        self.until(lambda: len(self.runs()) > number, reconciling=True)
        run_id: str = self.runs()[number]["Id"]
        self.until(lambda: process_of(run_id) is not None or self.has_published(run_id))
        # Known beforehand, so that nothing but the signal lies between stage and end.
        group = process_of(run_id)
        assert group is not None
        self.until(lambda: stage(run_id))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self.until(lambda: self.runs()[number]["JobRunState"] not in ("STARTING", "RUNNING"))
        return run_id

    def is_fenced(self, run_id: str) -> bool:
        fences = [
            key
            for key in self.keys("control", f"batches/{self.batch}/revisions/")
            if "/attempt-" in key
        ]
        return any((self.store.get(key) or ({}, ""))[0].get("run_id") == run_id for key in fences)

    def has_written(self, run_id: str) -> bool:
        return bool(self.keys("gold", keys.gold_run(self.out["gold_table"], self.batch, run_id)))

    def has_published(self, run_id: str) -> bool:
        pointer = self.pointer()
        return pointer is not None and pointer.run_id == run_id

    def at_rest(self, run_id: str) -> bool:
        """Whether the catalog follows the pointer, which is not at that run any more."""
        pointer = self.pointer()
        if pointer is None or pointer.run_id == run_id:
            return False
        return self.location() == self.place_of(pointer)

    def place_of(self, move: Published | Publication) -> str:
        return f"s3://{self.out['gold_bucket']}/{move.tables[self.out['gold_table']]}"


@pytest.fixture
def victim(world: World) -> Iterator[Victim]:
    victim = Victim(world, f"kill-{int(time.time())}")
    reader = threading.Thread(target=victim.watch)
    reader.start()
    try:
        yield victim
    finally:
        victim.over.set()
        reader.join()


def test_a_killed_job_never_shows_a_mix_and_the_next_attempt_ends_it(victim: Victim) -> None:
    with job_script(victim.world, QUICK):  # what readers see before: any revision will do
        for name in ("users", "events", "orders"):
            victim.upload(name)
        victim.until(lambda: victim.at_rest(""), reconciling=True)
    first = victim.pointer()
    assert first is not None
    victim.upload("users", b'{"user_id": 99000001, "signed_up_at": "2026-01-01T00:00:00Z"}\n')
    number = len(victim.runs())
    if THOROUGH:
        victim.kill_when(number, victim.is_fenced)
        assert victim.location() == victim.place_of(first)
        number += 1
    killed = victim.kill_when(number, victim.has_written)
    # On a busy machine the signal may come behind the publication: then the run's work stands.
    print(f"killed {'late' if victim.has_published(killed) else 'half-way'}")  # noqa: T201
    victim.until(lambda: victim.at_rest(first.run_id), reconciling=True)
    second = victim.pointer()
    assert second is not None
    assert (
        second.rows[victim.out["gold_table"]]
        == len((SAMPLE / "users.json").read_bytes().splitlines()) + 1
    )
    if THOROUGH:
        victim.upload("users", b'{"user_id": 99000002, "signed_up_at": "2026-01-01T00:00:00Z"}\n')
        victim.kill_when(len(victim.runs()), victim.has_published)
        victim.until(lambda: victim.at_rest(second.run_id), reconciling=True)
    last = victim.pointer()
    assert last is not None
    time.sleep(0.5)
    assert victim.seen == [victim.place_of(move) for move in last.history]
    assert victim.empty == []
    states = [run["JobRunState"] for run in victim.runs()]
    print(f"kills: runs ended {states}, {len(last.history)} publications")  # noqa: T201
