"""Rejected files and rows as quarantine holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lakegate.aws import codec
from lakegate.cli.lake import Documents, Unread

if TYPE_CHECKING:
    from lakegate.cli.lake import Lake
    from lakegate.ledger.records import Arrivals


@dataclass(frozen=True)
class RejectedFile:
    """One refused upload; `line` counts from 1, `offset` in bytes from 0."""

    batch: str
    key: str
    version_id: str
    code: str
    detail: str
    meaning: str
    fix: str
    at: datetime
    size: int | None = None
    line: int | None = None
    offset: int | None = None


@dataclass(frozen=True)
class RejectedRows:
    """Where the rejected rows of a dataset in one run lie; `size` in bytes."""

    dataset: str
    batch: str
    run_id: str
    prefix: str
    size: int


@dataclass(frozen=True)
class RejectedFiles:
    """Refused uploads, oldest first, and the records that could not be read."""

    files: tuple[RejectedFile, ...]
    unread: tuple[Unread, ...] = ()


def read(records: Documents) -> RejectedFiles:
    """The records of quarantine's `files/` as values."""
    found, unread = [], list(records.unread)
    for key, record in records.found.items():
        try:
            found.append(_file(key.split("/")[1], record))
        except (KeyError, TypeError, ValueError) as error:
            unread.append(Unread(key, f"is no record of a rejection: {error!r}"))
    return RejectedFiles(tuple(sorted(found, key=lambda item: (item.at, item.key))), tuple(unread))


def is_settled(item: RejectedFile, index: Arrivals | None) -> bool:
    """Whether a version of the same key was accepted after the rejection."""
    if index is None:
        return False
    arrived = (*index.files.values(), *index.landed.values())
    accepted = {arrival.key: arrival.accepted_at for arrival in arrived}
    if index.manifest is not None:
        accepted[index.manifest.key] = index.manifest.accepted_at
    return item.key in accepted and codec.moment(accepted[item.key]) > item.at


def of_batches(lake: Lake, batches: Iterable[str] | None = None) -> RejectedFiles:
    """The rejected files of some batches, or of all."""
    bucket = lake.settings.quarantine_bucket
    prefixes = ["files/"] if batches is None else [f"files/{batch}/" for batch in batches]
    listed = [item.key for prefix in prefixes for item in lake.objects(bucket, prefix)]
    return read(lake.documents(bucket, listed))


def rows(lake: Lake, batch: str | None = None) -> Iterator[RejectedRows]:
    """Where rejected rows lie, per dataset and run."""
    bucket = lake.settings.quarantine_bucket
    sizes: dict[tuple[str, str, str], int] = {}
    for dataset in lake.contract.datasets:
        prefix = f"rows/{dataset}/" + (f"batch_id={batch}/" if batch else "")
        for item in lake.objects(bucket, prefix):
            parts = item.key.split("/")
            if len(parts) == 5 and parts[4].endswith(".parquet"):
                place = (dataset, parts[2].partition("=")[2], parts[3].partition("=")[2])
                sizes[place] = sizes.get(place, 0) + item.size
    for (dataset, name, run_id), size in sorted(sizes.items()):
        prefix = f"rows/{dataset}/batch_id={name}/run_id={run_id}/"
        yield RejectedRows(dataset, name, run_id, prefix, size)


def _file(batch: str, record: dict[str, Any]) -> RejectedFile:
    source = record["source"]
    return RejectedFile(
        batch=batch,
        key=source["key"],
        version_id=source["version_id"],
        code=record["code"],
        detail=record["detail"],
        meaning=record["meaning"],
        fix=record["fix"],
        at=codec.moment(record["rejected_at"]),
        size=source["size"],
        line=record["line"],
        offset=record["offset"],
    )
