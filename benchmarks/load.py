"""Many batches at once, and one batch of many parts, through a whole stack: what comes of them.

`python -m benchmarks.load` starts a stack of its own with the DuckDB function. It uploads
everything at once, calls the reconciler as its schedule does, and then looks at all that lies in
the lake: nothing may be lost, nothing may be there twice. It takes the better part of an hour.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness import processes
from benchmarks.harness.figures import machine, report
from benchmarks.harness.stacks import Running, running
from lakegate.cli.terminal.safe import Console
from local.backends.choice import embedded
from local.backends.ports import free_port
from local.places import Places
from local.up.program import Up
from local.up.steps import Steps
from tests.faults.world import LINES, TABLES

UPLOADS = 8  # at a time
SILENT_SECONDS = 900  # without a publication more: the load has not come through
RECONCILE_SECONDS = 60
SEED = 7

Files = dict[str, bytes]


@dataclass
class Load:
    """Files of some batches, whose lines are all used, and the number of files in silver."""

    name: str
    batches: dict[str, Files]

    @property
    def lines(self) -> Counter[str]:
        """Lines by batch and dataset."""
        found: Counter[str] = Counter()
        for batch, files in self.batches.items():
            for name, content in files.items():
                if name[0] != "_":
                    found[f"{batch}/{name.partition('.')[0].partition('-')[0]}"] += content.count(
                        b"\n"
                    )
        return found


def many(batches: int) -> Load:
    """Batches of one small file a dataset."""
    return Load(
        "batches at once",
        {
            f"load-{number:05d}": {
                # Orders and events of all batches are of user 1.
                f"{name}.json": line.format(1 if name == "users" else number).encode()
                for name, line in LINES.items()
            }
            for number in range(1, batches + 1)
        },
    )


def parts(count: int) -> Load:
    """One batch of that many parts, told of by a manifest."""
    files: Files = {}
    for number in range(count):
        name = tuple(LINES)[number % len(LINES)]
        part = f"{name}-{number // len(LINES) + 1:04d}.json"
        # User 1 is in the first part; orders and events are all of that user.
        files[part] = LINES[name].format(number // len(LINES) + 1).encode()
    manifest = json.dumps({"version": 1, "files": list(files)}).encode()
    return Load("parts of one batch", {"load-parts": {"_manifest.json": manifest, **files}})


def main(
    batches: Annotated[int, typer.Option(min=0, help="Batches of three files.")] = 1000,
    of_one: Annotated[int, typer.Option("--parts", min=0, help="Parts of one batch.")] = 1000,
    out: Annotated[Path | None, typer.Option(help="Also write the result there.")] = None,
) -> None:
    """Send both loads through a stack each, and tell what came of them."""
    result: dict[str, Any] = {"benchmark": "load", "machine": machine(), "loads": []}
    loads = [*([many(batches)] if batches else []), *([parts(of_one)] if of_one else [])]
    for load in loads:
        with stack() as (it, pid):
            result["loads"].append(measured(it, pid, load))
    report(result, out)


@contextmanager
def stack() -> Iterator[tuple[Running, int]]:
    """A stack whose engine is DuckDB, and the process of its emulator."""
    with tempfile.TemporaryDirectory() as folder:
        places = Places(Path(folder))
        own = embedded(places, free_port(), spark=False)
        try:
            outputs = Up(own, places, Steps(Console(stderr=True)), engine="duckdb").deploy()
            yield running(own.endpoint, outputs), own.start()
        finally:
            own.stop()


def measured(it: Running, pid: int, load: Load) -> dict[str, Any]:
    """What came of a load. AssertionError where something is lost or twice there."""
    begun = time.monotonic()
    with processes.watched(pid) as seen:
        upload(it, load)
        uploaded = time.monotonic()
        wait(it, load)
        ended = time.monotonic()
    return {
        "load": load.name,
        "batches": len(load.batches),
        "files": sum(map(len, load.batches.values())),
        "seconds_to_upload": round(uploaded - begun, 1),
        "seconds_to_last_publication": round(ended - begun, 1),
        "found": look(it, load),
        "function_mib": seen.quarters(),
    }


def upload(it: Running, load: Load) -> None:
    """All files in a drawn order, several at a time; a manifest comes before its files."""
    s3, bucket = it.clients.s3, it.outputs["bronze_bucket"]
    files = [
        (f"{batch}/{name}", content)
        for batch, content_of in load.batches.items()
        for name, content in content_of.items()
    ]
    random.Random(SEED).shuffle(files)
    files.sort(key=lambda file: "/_" not in file[0])

    def send(file: tuple[str, bytes]) -> None:
        s3.put_object(Bucket=bucket, Key=file[0], Body=file[1])

    for file in files[: len(load.batches)]:
        if "/_" in file[0]:
            send(file)
    time.sleep(2 if "/_" in files[0][0] else 0)
    with ThreadPoolExecutor(UPLOADS) as pool:
        list(pool.map(send, [file for file in files if "/_" not in file[0]]))


def wait(it: Running, load: Load) -> None:
    """Until every batch is published and nothing moves any more."""
    last, at, called = -1, time.monotonic(), time.monotonic()
    while True:
        published = len(_keys(it, "control", "batches/", "/published.json"))
        if published == len(load.batches):
            return
        if published != last:
            last, at = published, time.monotonic()
            typer.echo(f"  {published} of {len(load.batches)} published", err=True)
        if time.monotonic() - at > SILENT_SECONDS:
            raise TimeoutError(f"{published} of {len(load.batches)} batches are published")
        if time.monotonic() - called > RECONCILE_SECONDS:
            name = it.outputs["reconciler_function"]
            it.clients.functions.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")
            called = time.monotonic()
        time.sleep(2)


def look(it: Running, load: Load) -> dict[str, int]:
    """Everything that lies in the lake, counted and held against what was uploaded."""
    pointers = _documents(it, "/published.json")
    reports = _documents(it, "/report.json")
    used = Counter(
        {
            f"{found['batch']}/{dataset}": counts["used"]
            for found in reports
            for dataset, counts in found["datasets"].items()
        }
    )
    assert used == load.lines, used - load.lines or load.lines - used
    assert {found["state"] for found in reports} == {"SUCCEEDED"}
    assert sorted(found["batch"] for found in pointers) == sorted(load.batches)
    assert {len(found["history"]) for found in pointers} == {1}
    silver = _keys(it, "silver", "", ".json")
    data = [name for files in load.batches.values() for name in files if name[0] != "_"]
    assert len(silver) == len(data), (len(silver), len(data))
    assert not _keys(it, "quarantine", "", "")
    runs = Counter(key.partition("/run_id=")[2].partition("/")[0] for key in _gold(it))
    prefixes = {prefix for found in pointers for prefix in found["tables"].values()}
    assert {key.rpartition("/")[0] + "/" for key in _gold(it)} == prefixes
    claims = _keys(it, "control", "batches/", "/claim.json")
    assert len(claims) == len(load.batches), "a revision more than batches"
    for table in TABLES:
        pages = it.clients.glue.get_paginator("get_partitions").paginate(
            DatabaseName=it.outputs["glue_database"], TableName=table
        )
        places = {
            part["StorageDescriptor"]["Location"] for page in pages for part in page["Partitions"]
        }
        named = {f"s3://{it.outputs['gold_bucket']}/{one['tables'][table]}" for one in pointers}
        assert {place.rstrip("/") for place in places} == {place.rstrip("/") for place in named}
    return {
        "publications": len(pointers),
        "runs": len(runs),
        "silver_objects": len(silver),
        "lines_used": used.total(),
        "gold_rows": sum(sum(found["rows"].values()) for found in pointers),
        "control_objects": len(_keys(it, "control", "batches/", "")),
    }


def _gold(it: Running) -> list[str]:
    return _keys(it, "gold", "", ".parquet")


def _keys(it: Running, layer: str, prefix: str, suffix: str) -> list[str]:
    pages = it.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=it.outputs[f"{layer}_bucket"], Prefix=prefix
    )
    found = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return [key for key in found if key.endswith(suffix)]


def _documents(it: Running, suffix: str) -> Sequence[Any]:
    bucket = it.outputs["control_bucket"]
    return [
        json.loads(it.clients.s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        for key in _keys(it, "control", "batches/", suffix)
    ]


if __name__ == "__main__":
    typer.run(main)
