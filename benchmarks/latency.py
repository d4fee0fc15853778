"""From the last upload of a batch to its job: what public records say, in seconds.

`python -m benchmarks.latency` uses the stack of the environment (`. .local/env`), or starts one.
Runs play a job without Spark, which starts like any other and is out of the way sooner.
"""

from __future__ import annotations

import time
import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness.figures import machine, report, spread
from benchmarks.harness.stacks import Running, stack
from lakegate import contract
from lakegate.aws.store import Store
from lakegate.contract import Contract
from lakegate.ledger import arrivals, gate, keys
from lakegate.ledger.records import Run
from tests.integration.job_script import QUICK, job_script

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample_data"
LAST = "orders"
BUDGET_SECONDS = 2
PATIENCE_SECONDS = 60
POLL_SECONDS = 0.05


def main(
    repeats: Annotated[int, typer.Option(min=1, help="Batches, after one to warm up.")] = 11,
    out: Annotated[Path | None, typer.Option(help="Also write the result there.")] = None,
) -> None:
    """Medians over batches of the sample, one after the other."""
    rules = contract.load(ROOT / "config" / "pipeline.yaml")
    with stack() as running, job_script(running, QUICK):
        one_batch(running, rules)
        found = [one_batch(running, rules) for _ in range(repeats)]
    ends = {name: spread([times[name] for times in found], 3) for name in found[0]}
    result = {
        "benchmark": "latency",
        "machine": machine(),
        "repeats": repeats,
        "budget_seconds": BUDGET_SECONDS,
        "seconds_to_job_start": ends,
    }
    report(result, out)


def one_batch(running: Running, rules: Contract) -> dict[str, float]:
    """Seconds from both ends of the last upload to the start of the job, as Glue tells it."""
    batch, s3 = f"latency-{uuid.uuid4().hex[:12]}", running.clients.s3
    store = Store(s3, running.outputs["control_bucket"])
    names = [name for name in rules.gate.required if name != LAST]
    for name in names:
        _upload(running, batch, name)
    _wait(lambda: _accepted(store, batch) == set(names))
    begun = time.time()
    _upload(running, batch, LAST)
    ended = time.time()
    run = _wait(lambda: _run(store, rules, batch))
    started = _started(running, run)
    _wait(lambda: _ended(running, run))
    return {"from_upload_begun": started - begun, "from_upload_ended": started - ended}


def _upload(running: Running, batch: str, name: str) -> None:
    body = (SAMPLE / f"{name}.json").read_bytes()
    bucket = running.outputs["bronze_bucket"]
    running.clients.s3.put_object(Bucket=bucket, Key=f"{batch}/{name}.json", Body=body)


def _accepted(store: Store, batch: str) -> set[str]:
    index = arrivals.load(store, batch)
    return set(index.record.files) if index else set()


def _run(store: Store, rules: Contract, batch: str) -> str | None:
    index = arrivals.load(store, batch)
    assert index is not None
    decision = gate.decide(rules.gate.required, index.record)
    run = store.read(Run, keys.run(batch, decision.revision)) if decision.complete else None
    return run.record.run_id if run else None


def _started(running: Running, run: str) -> float:
    name = running.outputs["glue_job"]
    answer: Any = running.clients.glue.get_job_run(JobName=name, RunId=run)
    started: datetime = answer["JobRun"]["StartedOn"]
    return started.timestamp()


def _ended(running: Running, run: str) -> bool:
    name = running.outputs["glue_job"]
    state = running.clients.glue.get_job_run(JobName=name, RunId=run)["JobRun"]["JobRunState"]
    if state not in {"STARTING", "RUNNING", "SUCCEEDED"}:
        raise RuntimeError(f"run {run} ended as {state}")
    return state == "SUCCEEDED"


def _wait(look: Any) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"{PATIENCE_SECONDS} s were not enough")


if __name__ == "__main__":
    typer.run(main)
