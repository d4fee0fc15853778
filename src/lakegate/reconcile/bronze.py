"""Finds what bronze holds and the ledger does not know of, and has it judged."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lakegate.aws import codec
from lakegate.files import naming, rejection
from lakegate.files.event import ObjectRef
from lakegate.files.naming import Leftover
from lakegate.files.validate import Validator
from lakegate.files.verdict import Rejected
from lakegate.ledger import arrivals, keys
from lakegate.ledger.records import Arrivals
from lakegate.reconcile.budget import Budget
from lakegate.reconcile.state import State
from lakegate.reconcile.trouble import Trouble

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectVersionTypeDef

log = logging.getLogger("reconciler")


def group_of(key: str) -> str:
    """The folder of a key with its slash, or the key itself where there is none."""
    folder, slash, _ = key.partition("/")
    return folder + slash


@dataclass
class Bronze:
    """One pass over all object versions, a group of keys at a time; resumes where it stopped.

    `processed` counts the versions that were judged.
    """

    s3: S3Client
    validator: Validator
    state: State
    trouble: Trouble
    now: datetime
    processed: int = 0
    _refused: dict[str, frozenset[str]] = field(default_factory=dict)

    def sweep(self, budget: Budget) -> None:
        """Go on from the cursor until the end of the bucket or of the budget."""
        for versions in self._groups(budget):
            group, faults = group_of(versions[0]["Key"]), self.trouble.count
            with self.trouble.caught("group", group=group):
                self._group(group, versions, budget)
            # What uses up each call and gets nowhere must not keep the others waiting for ever.
            if budget.spent() and self.trouble.count == faults:
                return
            self.state.bronze_cursor = versions[-1]["Key"]
        if not budget.spent():
            self.state.bronze_cursor = ""

    def _groups(self, budget: Budget) -> Iterator[list[ObjectVersionTypeDef]]:
        """Whole groups only: one that the budget cut off is left for the next call."""
        group: list[ObjectVersionTypeDef] = []
        cursor = self.state.bronze_cursor
        place: Any = {"KeyMarker": cursor} if cursor else {}
        while True:
            page = self.s3.list_object_versions(Bucket=self.validator.lake.bronze, **place)
            for item in page.get("Versions", []):
                if group and group_of(item["Key"]) != group_of(group[0]["Key"]):
                    yield group
                    group = []
                group.append(item)
            if not page["IsTruncated"]:
                break
            if budget.spent():
                return
            place = {
                "KeyMarker": page["NextKeyMarker"],
                "VersionIdMarker": page["NextVersionIdMarker"],
            }
        if group:
            yield group

    def _group(self, group: str, versions: list[ObjectVersionTypeDef], budget: Budget) -> None:
        lines = (f"{item['Key']} {item['VersionId']}\n" for item in versions)
        seen = hashlib.sha256("".join(lines).encode(errors="surrogatepass")).hexdigest()[:12]
        if self.state.bronze.get(group) != seen:
            faults = self.trouble.count
            batch = self._batch(group)
            index = arrivals.load(self.validator.store, batch) if batch else None
            accepted = (
                frozenset[str]().union(*index.record.accepted.values()) if index else frozenset()
            )
            gone = self._gone(index.record, versions) if index else {}
            blocked: set[str] = set()
            for ref, newest in _oldest_first(versions, gone):
                known = keys.short_version(ref.version_id) in accepted
                if (known and not (newest and ref.key in gone)) or ref.key in blocked:
                    continue
                if budget.spent():
                    return
                if not self._judge(ref):
                    # A newer version of the key must not overtake one that could not be judged.
                    blocked.add(ref.key)
            if batch:
                self._note_unopened(batch, versions)
            if self.trouble.count == faults:
                self.state.bronze[group] = seen

    def _gone(self, index: Arrivals, versions: list[ObjectVersionTypeDef]) -> dict[str, str]:
        """Keys whose newest accepted version was deleted for good while others stand, with its id.

        What was listed before the index was read may lack what came since: the key is listed again.
        """
        standing = {item["VersionId"] for item in versions}
        listed = {item["Key"] for item in versions}
        return {
            item.key: keys.short_version(item.version_id)
            for item in arrivals.newest(index)
            if item.key in listed
            and item.version_id not in standing
            and item.version_id not in self._versions_of(item.key)
        }

    def _versions_of(self, key: str) -> frozenset[str]:
        pages = self.s3.get_paginator("list_object_versions").paginate(
            Bucket=self.validator.lake.bronze, Prefix=key
        )
        return frozenset(
            item["VersionId"]
            for page in pages
            for item in page.get("Versions", [])
            if item["Key"] == key
        )

    def _judge(self, ref: ObjectRef) -> bool:
        with self.trouble.caught("version", key=ref.key, version_id=ref.version_id):
            if not self._is_refused(ref):
                outcome = self.validator.process(ref, self.now)
                self.processed += 1
                fields = {"key": ref.key, "version_id": ref.version_id, "batch": outcome.batch}
                log.warning("lost notification repaired", extra=fields)
            return True
        return False

    def _is_refused(self, ref: ObjectRef) -> bool:
        name = naming.parse(ref.key, self.validator.contract)
        if isinstance(name, Leftover):
            return True
        if isinstance(name, Rejected):
            unknown = self.validator.contract.keys.unknown_batch
            prefix = keys.rejection(unknown, rejection.unknown_stem(ref.key), "")
        else:
            prefix = keys.rejection(name.batch, "", "")
        return keys.short_version(ref.version_id) in self._refusals(prefix.partition(".")[0])

    def _refusals(self, prefix: str) -> frozenset[str]:
        """Short ids of the versions with a rejection record under a prefix."""
        if prefix not in self._refused:
            pages = self.s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.validator.lake.quarantine, Prefix=prefix
            )
            self._refused[prefix] = frozenset(
                item["Key"].rsplit(".", 2)[-2]
                for page in pages
                for item in page.get("Contents", [])
            )
        return self._refused[prefix]

    def _batch(self, group: str) -> str | None:
        """The batch of a group; None for a folder that is no batch's, however long its name is."""
        grammar = self.validator.contract.keys
        if not group.endswith("/"):
            return grammar.default_batch
        return group[:-1] if re.fullmatch(grammar.batch_pattern, group[:-1]) else None

    def _note_unopened(self, batch: str, versions: list[ObjectVersionTypeDef]) -> None:
        contract = self.validator.contract
        named = [
            item["LastModified"]
            for item in versions
            if not isinstance(naming.parse(item["Key"], contract), Leftover | Rejected)
        ]
        if named and arrivals.load(self.validator.store, batch) is None:
            self.state.unopened.setdefault(batch, codec.stamp(min(named)))


def _oldest_first(
    versions: list[ObjectVersionTypeDef], gone: Mapping[str, str]
) -> Iterator[tuple[ObjectRef, bool]]:
    """References that know which versions of their key are older, and whether each is the newest.

    S3 lists the newest first. What stands is newer than what is gone.
    """
    for key, items in groupby(versions, lambda item: item["Key"]):
        older = (gone[key],) if key in gone else ()
        standing = list(reversed(list(items)))
        for item in standing:
            ref = ObjectRef(key, item["VersionId"], item["Size"], item["ETag"], None, older)
            yield ref, item is standing[-1]
            older = (*older, keys.short_version(item["VersionId"]))
