"""Uploads with the names checked first, so that nothing lands that the validator would refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from boto3.s3.transfer import TransferConfig

from lakegate.cli.errors import NotFoundError, RefusedError
from lakegate.cli.reads import facts
from lakegate.files import naming
from lakegate.files.naming import Leftover
from lakegate.files.verdict import Rejected
from lakegate.ledger.keys import FileName, short_version

if TYPE_CHECKING:
    from lakegate.cli.lake import Lake
    from lakegate.contract import Contract

TRANSFER = TransferConfig(multipart_threshold=16 << 20, multipart_chunksize=16 << 20)
Progress = Callable[["Planned", int], None]


@dataclass(frozen=True)
class Planned:
    """A file, the bronze key that it gets and its size in bytes."""

    path: Path
    key: str
    size: int


@dataclass(frozen=True)
class Uploaded:
    """What stands in bronze now."""

    key: str
    size: int
    version_id: str


def plan(paths: Sequence[Path], batch: str | None, contract: Contract) -> list[Planned]:
    """Keys for files; directories stand for the files in them that are named as data.

    Raises RefusedError that names every file that would be rejected, with the closest valid name.
    """
    planned: list[Planned] = []
    faults: list[str] = []
    for path in expanded(paths, contract):
        if not path.is_file():
            faults.append(f"{path}: no such file")
            continue
        key = f"{batch}/{path.name}" if batch else path.name
        size = path.stat().st_size
        if fault := _fault(key, size, contract):
            faults.append(f"{path}: {fault}")
        elif any(key == other.key for other in planned):
            faults.append(f"{path}: another file would land under {key}, too")
        planned.append(Planned(path, key, size))
    if not planned and not faults:
        faults = ["there is no file to upload"]
    if faults:
        raise RefusedError("Nothing was uploaded:\n  " + "\n  ".join(faults))
    return sorted(planned, key=lambda item: (_turn(item, contract), item.key))


def send(lake: Lake, item: Planned, progress: Progress = lambda item, size: None) -> Uploaded:
    """Put one file; `progress` is told of each piece of bytes sent, from several threads."""
    bucket = lake.settings.bronze_bucket
    lake.s3.upload_file(
        str(item.path),
        bucket,
        item.key,
        Config=TRANSFER,
        Callback=lambda sent: progress(item, sent),
    )
    head = lake.s3.head_object(Bucket=bucket, Key=item.key)
    return Uploaded(item.key, item.size, head.get("VersionId", "null"))


def expanded(paths: Sequence[Path], contract: Contract) -> list[Path]:
    """The paths, a folder replaced by the files in it that are named as data."""
    data = re.compile(f"[^._].*{contract.keys.suffix_pattern}|{contract.keys.manifest}")
    return [
        found
        for path in paths
        for found in (sorted(path.iterdir()) if path.is_dir() else [path])
        if not path.is_dir() or data.fullmatch(found.name)
    ]


def _fault(key: str, size: int, contract: Contract) -> str | None:
    verdict = naming.parse(key, contract)
    if isinstance(verdict, Rejected):
        return f"the name would be rejected; {verdict.detail}"
    if isinstance(verdict, Leftover):
        return "the name would be ignored as what tools leave beside files"
    least, most = contract.limits.min_bytes, contract.max_bytes
    if isinstance(verdict, FileName) and contract.datasets[verdict.dataset].may_be_empty:
        least = 0
    if not least <= size <= most:
        return f"{size:,} bytes; allowed are {least:,} to {most:,}"
    return None


def _turn(item: Planned, contract: Contract) -> int:
    """The manifest goes first and what no batch waits for goes next: either could come too late."""
    if item.path.name == contract.keys.manifest:
        return 0
    match = contract.key_pattern.fullmatch(item.key)
    return 2 if match and match["dataset"] in contract.gate.required else 1


def judged(lake: Lake, done: Sequence[Uploaded]) -> bool:
    """Whether each of these versions was accepted or rejected."""
    versions: dict[str, set[str]] = {}
    for item in done:
        batch = naming.batch_of(item.key, lake.contract)
        versions.setdefault(batch, set()).add(short_version(item.version_id))
    return all(shorts <= _verdicts(lake, batch) for batch, shorts in versions.items())


def _verdicts(lake: Lake, batch: str) -> set[str]:
    try:
        found = facts.collect(lake, batch)
    except NotFoundError:
        return set()
    accepted = found.index.accepted.values() if found.index else ()
    refused = {short_version(item.version_id) for item in found.rejections}
    return refused | {short for shorts in accepted for short in shorts}
