"""Deletes what runs have left in gold that nobody reads any more."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from lakegate.aws import codec
from lakegate.aws.errors import LedgerError
from lakegate.aws.store import Store
from lakegate.ledger import keys, publication
from lakegate.ledger.engines.function import LONGEST_SECONDS
from lakegate.ledger.records import Published

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

DELETE_AT_ONCE = 1000
UNLISTED = timedelta(seconds=LONGEST_SECONDS)

log = logging.getLogger("reconciler")


@dataclass(frozen=True)
class Gold:
    """The runs in gold of the contract's tables; files of other tables are left as they are.

    `grace` is how long a superseded run stays readable; no shorter than a run that no engine lists
    may be writing.
    """

    s3: S3Client
    store: Store
    bucket: str
    tables: tuple[str, ...]
    grace: timedelta

    def sweep(self, batch: str, live: frozenset[str], now: datetime) -> int:
        """Delete the runs of a batch that are neither published nor live nor within the grace.

        Answers with how many unpublished runs are still there.
        """
        return sum(self._sweep(table, batch, live, now) for table in self.tables)

    def _sweep(self, table: str, batch: str, live: frozenset[str], now: datetime) -> int:
        left, root = 0, keys.gold_batch(table, batch)
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=root)
        objects = [item for page in pages for item in page.get("Contents", [])]
        for prefix, group in groupby(objects, lambda item: _run_prefix(item["Key"], root)):
            items = list(group)
            stored = publication.read(self.store, batch)
            pointer = stored.record if stored else None
            if pointer is not None and pointer.tables.get(table) == prefix:
                continue
            run_id = prefix.removeprefix(root).removeprefix("run_id=").rstrip("/")
            age = now - superseded_at(run_id, items, pointer)
            if run_id in live or age <= max(self.grace, UNLISTED):
                left += 1
                continue
            self._delete(items)
            fields = {"batch": batch, "table": table, "run_id": run_id}
            log.info("superseded run deleted", extra=fields)
        return left

    def _delete(self, items: list[ObjectTypeDef]) -> None:
        for start in range(0, len(items), DELETE_AT_ONCE):
            chunk = items[start : start + DELETE_AT_ONCE]
            answer = self.s3.delete_objects(
                Bucket=self.bucket,
                Delete={"Objects": [{"Key": item["Key"]} for item in chunk], "Quiet": True},
            )
            if answer.get("Errors"):
                raise LedgerError(f"gold: {answer['Errors'][0].get('Code')}")


def superseded_at(run_id: str, items: list[ObjectTypeDef], pointer: Published | None) -> datetime:
    """When readers were last sent elsewhere; for a run they never saw, its last write."""
    moves = pointer.history if pointer else ()
    ends = [codec.moment(after.at) for move, after in pairwise(moves) if move.run_id == run_id]
    return max([*ends, *(item["LastModified"] for item in items)])


def _run_prefix(key: str, root: str) -> str:
    return root + key.removeprefix(root).partition("/")[0] + "/"
