"""Counts the requests that the real code sends, on a fake account, and what each grows with.

Spark's own requests to S3 are not among them: they depend on its committer and its splits.
"""

from __future__ import annotations

import io
import json
from collections import Counter, defaultdict
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from tests.faults.real import RealWorld
from tests.faults.world import LINES, TABLES, World

BATCH = "2026-11-22"
# What S3 asks KMS for each request on an encrypted object, where no bucket key saves it.
KMS = {
    "GetObject": ("Decrypt",),
    "PutObject": ("GenerateDataKey",),
    "CopyObject": ("Decrypt", "GenerateDataKey"),
}
_FILE_LINES = 2500  # more than two windows of 64 KiB


@dataclass
class Counted:
    """Requests by operation since the last look."""

    world: World

    def since(self) -> dict[str, int]:
        """What was sent since the last call of this."""
        found = Counter(call.request.operation for call in self.world.cloud.calls)
        self.world.cloud.calls.clear()
        return dict(sorted(found.items()))


def count(parts: int) -> dict[str, Any]:
    """Requests of one batch with `parts` files a dataset, one notification after the other."""
    world = World()
    counted = Counted(world)
    names = [f"{name}-{part:04d}.json" for name in LINES for part in range(1, parts + 1)]
    world.upload_manifest(BATCH, *names)
    world.deliver()
    manifest = counted.since()
    files: Counter[str] = Counter()
    for name in names[:-1]:
        files.update(_arrive(world, counted, name))
    last = _arrive(world, counted, names[-1])
    inputs = len(names)
    index = max(len(body) for key, body in world.contents("control").items() if "arrivals" in key)
    claim = max(len(body) for key, body in world.contents("control").items() if "claim" in key)
    world.run_jobs()
    job = Counter(counted.since())
    # The stand-in for Spark's work: each file read once, and written to each table.
    job.subtract({"GetObject": inputs, "PutObject": inputs * len(TABLES)})
    world.reconcile()
    counted.since()
    world.reconcile()
    return {
        "files": inputs,
        "manifest": manifest,
        "per_file": {name: round(n / (inputs - 1), 3) for name, n in files.items()},
        "last_file_more": {name: n - files[name] // (inputs - 1) for name, n in last.items()},
        "job": dict(+job),
        "reconciler_at_rest": counted.since(),
        "index_bytes_per_file": round(index / inputs),
        "claim_bytes_per_file": round(claim / inputs),
    }


def batch() -> dict[str, dict[str, int]]:
    """Requests of one batch of a small file a dataset, from upload to gold by the real function.

    By bucket or service; with `kms` those that S3 would send to KMS if no bucket had a bucket key.
    """
    world = RealWorld()
    world.upload_batch(BATCH)
    world.deliver()
    for run in world.cloud.functions.runs:
        world.call(run)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for call in world.cloud.calls:
        asked = call.request
        found[asked.bucket if asked.service == "s3" else asked.service][asked.operation] += 1
        if asked.service == "s3":
            found["kms"].update(KMS.get(asked.operation, ()))
    return {place: dict(sorted(count.items())) for place, count in sorted(found.items())}


def _arrive(world: World, counted: Counted, name: str) -> dict[str, int]:
    line = LINES[name.partition("-")[0]]
    content = "".join(line.format(number) for number in range(_FILE_LINES)).encode()
    world.upload(f"{BATCH}/{name}", content)
    world.deliver()
    return counted.since()


def main(
    parts: Annotated[int, typer.Option(min=1, help="Files of each dataset.")] = 20,
    out: Annotated[Path | None, typer.Option(help="Also write the counts there.")] = None,
) -> None:
    """Count requests per file, per batch and per call of the reconciler."""
    with redirect_stdout(io.StringIO()):  # the functions print their metrics
        counted = {**count(parts), "batch": batch()}
    text = json.dumps(counted, indent=2)
    typer.echo(text)
    if out:
        out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
