"""An operator's day on a running stack, with nothing but the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lakegate.aws.store import Store
from lakegate.ledger import arrivals
from local.places import ROOT
from tests.integration.conftest import World

pytestmark = pytest.mark.stack

SAMPLE = ROOT / "data" / "sample_data"
PATIENCE = 1200  # seconds


def lakegate(world: World, *words: str, code: int = 0) -> str:
    """What a command prints, in the environment that `.local/env` makes."""
    outputs = {name.upper(): value for name, value in world.outputs.items()}
    done = subprocess.run(
        [sys.executable, "-m", "lakegate.cli.main", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/", **world.backend.endpoint, **outputs},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def status(world: World, batch: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(lakegate(world, "status", "--last", "500", "--json"))
    return next(item for item in found if item["batch"] == batch)


def wait_for_a_record(world: World, batch: str) -> None:
    """Until two files of the batch are accepted and one is refused."""
    store = Store(world.clients.s3, world.outputs["control_bucket"])
    bucket, prefix = world.outputs["quarantine_bucket"], f"files/{batch}/"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        index = arrivals.load(store, batch)
        accepted = index.record.files if index else {}
        refused = world.clients.s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["KeyCount"]
        if (len(accepted), refused) == (2, 1):
            return
        time.sleep(0.2)
    raise TimeoutError(batch)


@pytest.mark.timeout(2 * PATIENCE)
def test_break_explain_mend_correct_and_roll_back(world: World, tmp_path: Path) -> None:
    batch = world.batch("operator").name
    broken = tmp_path / "orders.json"
    broken.write_bytes((SAMPLE / "orders.json").read_bytes()[:-20])
    good = [str(SAMPLE / name) for name in ("users.json", "events.json")]

    lakegate(world, "upload", *good, str(broken), "--batch", batch)
    wait_for_a_record(world, batch)
    lakegate(world, "watch", batch, "--timeout", "2", code=7)
    assert status(world, batch)["missing"] == ["orders"]
    told = lakegate(world, "explain", batch)
    assert "truncated" in told and "upload the file again" in told.replace("\n", " ")

    lakegate(world, "upload", str(SAMPLE / "orders.json"), "--batch", batch, "--wait")
    first = status(world, batch)
    assert (first["state"], first["rows"]) == ("published", 1000)

    lines = (SAMPLE / "orders.json").read_bytes().splitlines(keepends=True)
    broken.write_bytes(b"".join(lines[:-1]))
    lakegate(world, "upload", str(broken), "--batch", batch, "--wait")
    second = status(world, batch)
    assert second["state"] == "published"
    assert second["published_revision"] != first["published_revision"]
    report = json.loads(lakegate(world, "report", batch, "--json"))
    assert [item["read"] for item in report["funnels"]] == [1000, 1000, 999]

    lakegate(world, "rollback", batch, "--reason", "the last order was real")
    back = status(world, batch)
    assert back["published_revision"] == first["published_revision"]
    assert back["note"].startswith("rolled back")

    page = tmp_path / "report.html"
    lakegate(world, "report", batch, "--out", str(page))
    assert "1,000 lines used" not in page.read_text()
    assert "3,000 lines used" in page.read_text()
    printed = [json.loads(line) for line in lakegate(world, "logs", batch, "--json").splitlines()]
    assert "file accepted" in {line["message"] for line in printed}
    assert {"validator", "job error"} <= {line["source"] for line in printed}
