"""What the contract says of a batch's time is obeyed by all that read it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
import yaml

from lakegate import contract
from lakegate.aws.errors import OperationRefusedError
from lakegate.cli.actions import operations
from lakegate.cli.reads import facts, state
from lakegate.contract import Contract
from tests.faults.world import ROOT, World, body
from tests.unit.cli.scene import Scene, fresh

HOUR = 3600
DEADLINES = [("", 60), ("gate: {deadline_minutes: 5}", 5), ("gate: {deadline_minutes: 90}", 90)]
STALE = [("", 180), ("gate: {claim_stale_seconds: 20}", 20)]
GRACES = [("", 24), ("gold: {grace_hours: 2.5}", 2.5)]


def demo(folder: Path, line: str) -> Contract:
    """The demo's contract, without what it says of time but for that line."""
    document = yaml.safe_load((ROOT / "config" / "pipeline.yaml").read_text())
    del document["gate"], document["gold"], document["sql"], document["sample_data"]
    (folder / "pipeline.yaml").write_text(f"{yaml.safe_dump(document)}\n{line}\n")
    shutil.copytree(ROOT / "src" / "glue_jobs" / "sql", folder / "sql")
    return contract.load(folder)


def lake(rules: Contract) -> World:
    """A pipeline with that contract."""
    world = World()
    world.contract = rules
    return world


def scene(rules: Contract) -> Scene:
    """What people see of one."""
    return dataclasses.replace(fresh(), contract=rules)


def overdue(capsys: pytest.CaptureFixture[str], world: World) -> float:
    """How many batches a call of the reconciler counts as overdue."""
    world.reconcile()
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return float([line for line in found if "BatchesOverdue" in line][-1]["BatchesOverdue"])


@pytest.mark.parametrize(("line", "minutes"), DEADLINES)
def test_the_alarm_rings_after_the_deadline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, minutes: int
) -> None:
    world = lake(demo(tmp_path, line))
    world.upload("a/users.json", body("users"))
    world.deliver()
    world.cloud.sleep(minutes * 60)
    assert overdue(capsys, world) == 0
    world.cloud.sleep(1)
    assert overdue(capsys, world) == 1


@pytest.mark.parametrize(("line", "minutes"), DEADLINES)
def test_a_person_reads_overdue_after_the_deadline(tmp_path: Path, line: str, minutes: int) -> None:
    found = scene(demo(tmp_path, line))
    found.arrive("b", "users")
    seen = []
    for passed in (minutes - 1, 1):
        found.minute(passed)
        seen.append(state.status(facts.collect(found.lake, "b"), found.contract, found.now).state)
    assert seen == ["waiting", "overdue"]


@pytest.mark.parametrize(("line", "seconds"), STALE)
def test_a_claim_is_taken_over_when_it_is_stale(tmp_path: Path, line: str, seconds: int) -> None:
    world = lake(demo(tmp_path, line))
    world.upload_batch("a")
    world.cloud.hook = lambda call: "dies" if call.request.operation == "StartJobRun" else None
    world.deliver(tries=1)
    world.cloud.hook = None
    runs = []
    for passed in (seconds - 1, 2):
        world.cloud.sleep(passed)
        world.reconcile()
        runs.append(len(world.runs))
    assert runs == [0, 1]


@pytest.mark.parametrize(("line", "hours"), GRACES)
def test_a_run_that_was_superseded_is_kept_for_the_grace(
    tmp_path: Path, line: str, hours: float
) -> None:
    world = lake(demo(tmp_path, line))
    for dataset in ("users", "events", "orders", "users"):
        world.upload(f"a/{dataset}.json", body(dataset, len(world.runs)))
        world.deliver()
        world.run_jobs()
    runs = []
    for passed in (hours * HOUR - 60, 120):
        world.cloud.sleep(passed)
        world.reconcile()
        runs.append(len({key.split("/")[2] for key in world.contents("gold")}))
    assert runs == [2, 1]


@pytest.mark.parametrize(("line", "hours"), GRACES)
def test_a_person_rolls_back_within_the_grace(tmp_path: Path, line: str, hours: float) -> None:
    """Not in its last tenth, when the files could go before readers come back to them."""
    found = scene(demo(tmp_path, line))
    for _ in range(2):
        found.arrive("b", "users", "events", "orders")
        pointer = found.publish("b")
    for table, prefix in pointer.history[0].tables.items():
        location = {"Name": table, "StorageDescriptor": {"Location": "s3://gold-bucket/"}}
        found.cloud.glue.tables["glue-database", table] = location
        found.cloud.s3.put("gold-bucket", f"{prefix}part.parquet", b"rows")
    with mock.patch.object(operations, "datetime") as clock:
        clock.now.return_value = found.now + timedelta(hours=0.9 * hours, seconds=1)
        with pytest.raises(OperationRefusedError, match="past its grace period"):
            operations.rollback(found.lake, "b", "wrong prices")
        clock.now.return_value = found.now + timedelta(hours=0.9 * hours, seconds=-1)
        back = operations.rollback(found.lake, "b", "wrong prices")
    assert back.pointer.run_id == pointer.history[0].run_id
