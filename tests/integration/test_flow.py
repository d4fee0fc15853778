"""From files in bronze to rows of gold, on whatever stands for AWS here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lakegate.ledger import keys
from local.errors import FlowError
from local.places import ROOT
from tests.integration import batch as batches
from tests.integration.conftest import World
from tests.integration.job_script import job_script
from tests.oracle import expect

pytestmark = pytest.mark.stack

SAMPLE = ROOT / "data" / "sample_data"
DATASETS = ("users", "events", "orders")

# Put into the middle of a file, where the validator's windows do not reach: 64 KiB at either end.
DIRT: dict[str, list[bytes]] = {
    "users": [
        b"not json",
        b'{"full_name": "nobody", "signed_up_at": "2026-01-01T00:00:00Z"}',
        b'{"user_id": 900001, "signed_up_at": "2026-01-01T00:00:00+05:30", "country": null}',
        b'{"user_id": 900001, "signed_up_at": "2026-01-02T00:00:00Z", "full_name": "Later"}',
        b'{"user_id": 900002, "signed_up_at": "2026-02-30T00:00:00Z"}',
    ],
    "events": [
        b'{"event_id": "x1", "user_id": 900001, "event_type": "purchase",'
        b' "occurred_at": "2026-03-01T23:30:00-02:00", "device": "toaster"}',
        b'{"event_id": "x1", "user_id": 900001, "event_type": "purchase",'
        b' "occurred_at": "2026-03-01T23:30:00-02:00", "device": "toaster"}',
        b'{"event_id": "x2", "user_id": 77777777, "event_type": "search",'
        b' "occurred_at": "2026-03-01T00:00:00Z"}',
        b'{"event_id": "x3", "user_id": 900001, "event_type": "dance",'
        b' "occurred_at": "2026-03-01T00:00:00Z"}',
        b'{"event_id": "x4", "user_id": 900001,',
    ],
    "orders": [
        b'{"order_id": "o1", "user_id": 900001, "ordered_at": "2026-03-01T10:00:00",'
        b' "status": "paid", "amount": "10.05"}',
        b'{"order_id": "o2", "user_id": 900001, "ordered_at": "2026-03-02T10:00:00",'
        b' "status": "shipped", "amount": 0.1}',
        b'{"order_id": "o3", "user_id": 900001, "ordered_at": "2026-03-02T10:00:00",'
        b' "status": "paid", "amount": null}',
        b'{"order_id": "o4", "user_id": "900001", "ordered_at": "2026-03-02T10:00:00",'
        b' "status": "paid", "amount": 5}',
    ],
}


def write_dirty(folder: Path) -> dict[str, list[bytes]]:
    """Writes the sample with the dirt in its middle; returns the lines of each file."""
    lines = {}
    for name in DATASETS:
        clean = (SAMPLE / f"{name}.json").read_bytes().splitlines()
        half = len(clean) // 2
        lines[name] = [*clean[:half], *DIRT[name], *clean[half:]]
        (folder / f"{name}.json").write_bytes(b"\n".join(lines[name]) + b"\n")
    return lines


def silent(_: str) -> None:
    """Says nothing."""


def in_utc(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose instants carry their zone."""
    return {
        name: value.replace(tzinfo=UTC)
        if isinstance(value, datetime) and value.tzinfo is None
        else value
        for name, value in row.items()
    }


def test_gold_of_a_dirty_batch_is_what_the_rules_say(world: World, tmp_path: Path) -> None:
    lines = write_dirty(tmp_path)
    expected = expect(lines)
    batch = world.batch("dirty")
    batch.upload(tmp_path, silent)
    batch.wait_judged(silent)
    run_id = batch.wait_started(silent)
    batch.wait_run(run_id, silent)
    published = batch.wait_published(run_id)

    rows = [in_utc(row) for row in batches.read_gold(batch, batches.gold_files(batch)).to_pylist()]
    assert {row["user_id"]: row for row in rows} == expected.gold
    assert len(rows) == published.rows[world.outputs["gold_table"]] == 1001
    assert batches.counts(batch, published) == expected.outcomes
    assert batches.gold_files(batch)[0].startswith(
        keys.gold_run(world.outputs["gold_table"], batch.name, run_id)
    )
    ours = {row["user_id"]: row for row in rows}[900001]
    assert (ours["full_name"], str(ours["revenue"]), ours["event_count"]) == ("Later", "10.15", 1)


def test_a_run_without_one_of_its_inputs_names_it(world: World, tmp_path: Path) -> None:
    """Somebody deletes a file of silver before the last one opens the gate."""
    for name in ("users", "events"):
        (tmp_path / f"{name}.json").write_bytes((SAMPLE / f"{name}.json").read_bytes())
    batch = world.batch("gone")
    batch.upload(tmp_path, silent)
    batch.wait_judged(silent)
    s3, silver = world.clients.s3, world.outputs["silver_bucket"]
    found = [item["Key"] for item in s3.list_objects_v2(Bucket=silver)["Contents"]]
    [gone] = [key for key in found if key.startswith("events/") and batch.name in key]
    s3.delete_object(Bucket=silver, Key=gone)
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / "orders.json").write_bytes((SAMPLE / "orders.json").read_bytes())
    batch.upload(tmp_path, silent)
    batch.wait_judged(silent)

    with pytest.raises(FlowError, match=rf"failed: .*InputError: .*{re.escape(gone)}"):
        batch.wait_run(batch.wait_started(silent), silent)
    revision = keys.revision(batch.name, batch.revision(), "report")
    report = s3.get_object(Bucket=world.outputs["control_bucket"], Key=revision)
    told = json.loads(report["Body"].read())
    assert (told["state"], told["published"]) == ("FAILED", None)
    assert gone in told["error"]


def test_a_rejected_file_ends_the_wait_with_its_reason(world: World, tmp_path: Path) -> None:
    (tmp_path / "users.json").write_bytes(b'[{"user_id": 1}]\n')
    batch = world.batch("rejected")
    batch.upload(tmp_path, silent)
    with pytest.raises(FlowError, match=r"users\.json was rejected: missing_field"):
        batch.wait_judged(silent)


@pytest.fixture
def broken_job(world: World, tmp_path: Path) -> Iterator[None]:
    """The job with a script that raises, put right again afterwards."""
    script = tmp_path / "broken.py"
    script.write_text("raise ValueError('this script is broken')\n")
    with job_script(world, script):
        yield


@pytest.mark.usefixtures("broken_job")
def test_a_script_that_raises_ends_the_wait_with_its_error(world: World) -> None:
    batch = world.batch("broken")
    batch.upload(SAMPLE, silent)
    batch.wait_judged(silent)
    run_id = batch.wait_started(silent)
    with pytest.raises(FlowError, match="ValueError: this script is broken") as raised:
        batch.wait_run(run_id, silent)
    assert run_id in raised.value.where
