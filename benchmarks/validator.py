"""The validator on files of 1 MB, 100 MB and 1 GB: time, memory and requests, in either depth.

`python -m benchmarks.validator` talks to the S3 that AWS_ENDPOINT_URL names (`. .local/env`), or to
an emulator that it starts, in buckets of its own that it removes again. Each file is judged in a
process of its own.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import resource
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from benchmarks.harness.figures import machine, report, spread
from lakegate.aws import clients
from lakegate.aws.store import Store
from lakegate.contract import from_json, load, to_json
from lakegate.files.event import ObjectRef
from lakegate.files.move import Lake
from lakegate.files.validate import Validator
from lakegate.files.verdict import Accepted

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample_data" / "orders.json"
LAYERS = ("bronze", "silver", "quarantine", "control")
PART_BYTES = 16 * 10**6
MEGABYTE = 10**6
SAMPLED_A_ROUND = 3

Depth = Literal["sampled", "full"]


@dataclass(frozen=True)
class Measured:
    """One size in one depth over the repeats: spread of the time, medians, the most requests.

    `peak_memory_mib` is that of the whole process, interpreter and SDK included.
    """

    depth: Depth
    megabytes: int
    requests: int
    seconds: dict[str, float]
    cpu_seconds: float
    peak_memory_mib: float


@dataclass(frozen=True)
class Run:
    """What one decision took."""

    requests: int
    seconds: float
    cpu_seconds: float
    peak_mib: float


def main(
    sizes: Annotated[str, typer.Option(help="Megabytes, by commas.")] = "1,100,1000",
    repeats: Annotated[int, typer.Option(min=1, help="Rounds.")] = 5,
    out: Annotated[Path | None, typer.Option(help="Also write the result there.")] = None,
) -> None:
    """Measure, print JSON, and say how far apart the sizes are."""
    # Not above: the processes that judge import this module too, and their memory is measured.
    from benchmarks.harness.stacks import emulator  # noqa: PLC0415

    with emulator() as endpoint:
        os.environ.update(endpoint)  # for the processes that judge
        report(_result([int(size) for size in sizes.split(",")], repeats), out)


def _result(sizes: list[int], repeats: int) -> dict[str, Any]:
    s3, name = clients.s3(), f"bench-{uuid.uuid4().hex[:8]}"
    for layer in LAYERS:
        s3.create_bucket(Bucket=f"{name}-{layer}")
    s3.put_bucket_versioning(Bucket=f"{name}-bronze", VersioningConfiguration={"Status": "Enabled"})
    try:
        measured = _measure(s3, name, sizes, repeats)
    finally:
        _remove(s3, name)
    sampled = [one for one in measured if one.depth == "sampled"]
    return {
        "benchmark": "validator",
        "machine": machine(),
        "repeats": repeats,
        "measured": [asdict(one) for one in measured],
        "sampled_largest_to_smallest": {
            "seconds": round(sampled[-1].seconds["median"] / sampled[0].seconds["median"], 2),
            **{
                field: round(getattr(sampled[-1], field) / getattr(sampled[0], field), 2)
                for field in ("cpu_seconds", "peak_memory_mib")
            },
        },
        "full_mb_per_cpu_second": round(measured[-1].megabytes / measured[-1].cpu_seconds, 1),
        "import_ms": _import_ms(),
    }


def _measure(s3: S3Client, name: str, sizes: list[int], repeats: int) -> list[Measured]:
    refs = {size: _upload(s3, f"{name}-bronze", size) for size in sizes}
    contract = to_json(load(ROOT / "config" / "pipeline.yaml"))
    runs: dict[tuple[Depth, int], list[Run]] = {}
    # What takes milliseconds is taken more often.
    sampled: tuple[Depth, ...] = ("sampled",)
    depths: tuple[Depth, ...] = (*sampled * SAMPLED_A_ROUND, "full")
    # In turns, so that what else the machine does falls on all of them alike.
    for _ in range(repeats):
        for depth, size in itertools.product(depths, sizes):
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                run = pool.apply(judge, (name, refs[size], depth, contract))
            runs.setdefault((depth, size), []).append(run)
    return [
        Measured(
            depth,
            size,
            max(run.requests for run in found),
            spread([run.seconds for run in found], 4),
            round(median(run.cpu_seconds for run in found), 4),
            round(median(run.peak_mib for run in found), 1),
        )
        for (depth, size), found in runs.items()
    ]


def judge(name: str, ref: ObjectRef, depth: Depth, contract: bytes) -> Run:
    """One decision in this process, whose clients and code are warm."""
    s3 = clients.s3()
    sent: list[str] = []
    lake = Lake(s3, *(f"{name}-{layer}" for layer in LAYERS[:3]))
    store = Store(s3, f"{name}-control")
    validator = Validator(replace(from_json(contract), validation=depth), lake, store)
    validator.process(ObjectRef("warm-up.txt", uuid.uuid4().hex, 1), datetime.now(UTC))
    s3.meta.events.register("before-send.s3", lambda event_name, **_: sent.append(event_name))
    begun, cpu = time.perf_counter(), time.process_time()
    outcome = validator.process(ref, datetime.now(UTC))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    assert isinstance(outcome.verdict, Accepted), outcome.verdict
    return Run(len(sent), seconds, cpu, _peak_mib())


def _upload(s3: S3Client, bucket: str, megabytes: int) -> ObjectRef:
    """A version made of the sample, over and over, of at least that size."""
    key, least = f"size-{megabytes}/orders.json", megabytes * MEGABYTE
    sample = SAMPLE.read_bytes()
    part = sample * (min(least, PART_BYTES) // len(sample) + 1)
    if len(part) >= least:
        version = s3.put_object(Bucket=bucket, Key=key, Body=part)["VersionId"]
        return ObjectRef(key, version, len(part))
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    parts: list[CompletedPartTypeDef] = []
    for number in range(1, least // len(part) + 2):
        sent = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=part)
        parts.append({"PartNumber": number, "ETag": sent["ETag"]})
    done = s3.complete_multipart_upload(
        Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": parts}
    )
    return ObjectRef(key, done["VersionId"], len(part) * len(parts))


def _remove(s3: S3Client, name: str) -> None:
    for layer in LAYERS:
        bucket = f"{name}-{layer}"
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])
        s3.delete_bucket(Bucket=bucket)


def _import_ms() -> dict[str, float]:
    """Processor milliseconds to import boto3, and the handler beyond it; best of five."""
    code = (
        "from time import process_time as now; a = now(); import boto3; b = now();"
        "import lambda_validator.handler; c = now(); print((b - a) * 1e3, (c - b) * 1e3)"
    )
    runs = [subprocess.check_output([sys.executable, "-c", code], text=True) for _ in range(5)]
    sdk, beyond = zip(*(map(float, run.split()) for run in runs), strict=True)
    return {"boto3": round(min(sdk), 1), "beyond_boto3": round(min(beyond), 1)}


def _peak_mib() -> float:
    """Of this process; what getrusage says on Linux begins with what the parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        found = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(found["VmHWM"].split()[0]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    typer.run(main)
