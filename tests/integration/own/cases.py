"""The cases of tests/cases: uploads as they came, and what must come of them.

CASES=<folder> names other cases of the same format.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pyarrow import parquet

from local.places import ROOT

CASES = Path(os.environ.get("CASES") or ROOT / "tests" / "cases")
SECONDS = 300
SUMS = ("event_count", "order_count", "revenue", "orders_without_amount")
EXPECTED = {"strict": "expected", "lenient": "expected_lenient"}
NOT_REASONS = frozenset({"read", "used", "deduplicated"})
BESIDE = ("nulled_", "rounded_")


def with_casts(folder: Path, casts: str) -> Path:
    """A project of its own with the demo's contract and marts, and those casts."""
    folder.mkdir()
    contract = yaml.safe_load((ROOT / "config" / "pipeline.yaml").read_text())
    del contract["sql"], contract["sample_data"]
    (folder / "pipeline.yaml").write_text(yaml.safe_dump({**contract, "casts": casts}))
    shutil.copytree(ROOT / "src" / "glue_jobs" / "sql", folder / "sql")
    return folder


@dataclass(frozen=True)
class Case:
    """One folder of tests/cases; `name` tells its batch from those of other runs."""

    folder: Path
    document: dict[str, Any]

    @classmethod
    def all(cls) -> list[Case]:
        """Every case, by name."""
        found = sorted(CASES.glob("*/case.json"))
        return [cls(path.parent, json.loads(path.read_text())) for path in found]

    def expected(self, casts: str) -> dict[str, Any]:
        """What must come of it with those casts."""
        wanted: dict[str, Any] = self.document.get(EXPECTED[casts]) or self.document["expected"]
        return wanted


@dataclass(frozen=True)
class Stand:
    """A stack as a case sees it: S3, and the buckets by layer."""

    s3: Any
    buckets: Mapping[str, str]

    def keys(self, layer: str, prefix: str) -> list[str]:
        """All keys of a bucket below a prefix."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.buckets[layer], Prefix=prefix
        )
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def body(self, layer: str, key: str) -> bytes:
        """The bytes of an object."""
        content: bytes = self.s3.get_object(Bucket=self.buckets[layer], Key=key)["Body"].read()
        return content

    def until(self, found: Callable[[], Any]) -> Any:
        """The first answer that says something, or the last one when patience ends."""
        end = time.monotonic() + SECONDS
        while not (value := found()) and time.monotonic() < end:
            time.sleep(0.3)
        return value

    def upload(self, case: Case, batch: str) -> None:
        """Puts the files of a case into bronze as it says."""
        for item in case.document["uploads"]:
            body = (case.folder / item["file"]).read_bytes()
            key, how = item["key"].replace("<batch>", batch), item.get("how", "")
            if "later" in how:
                self.until(lambda: self.keys("silver", f"orders/batch_id={batch}/"))
            if "multipart" in how:
                self._in_parts(key, body)
            else:
                self.s3.put_object(Bucket=self.buckets["bronze"], Key=key, Body=body)
            if "again" in how:
                time.sleep(1)

    def _in_parts(self, key: str, body: bytes) -> None:
        place = {"Bucket": self.buckets["bronze"], "Key": key}
        upload = self.s3.create_multipart_upload(**place)["UploadId"]
        part = self.s3.upload_part(**place, UploadId=upload, PartNumber=1, Body=body)
        self.s3.complete_multipart_upload(
            **place,
            UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        )

    def records(self, batch: str) -> list[dict[str, Any]]:
        """The rejection records that concern a batch, of files without a usable name too."""
        found = [
            json.loads(self.body("quarantine", key))
            for folder in (batch, "_unknown")
            for key in self.keys("quarantine", f"files/{folder}/")
        ]
        return [record for record in found if f"{batch}/" in record["source"]["key"]]

    def reports(self, batch: str, revision: str = "") -> list[dict[str, Any]]:
        """The reports of the batch's runs, or of those of one revision."""
        keys = self.keys("control", f"batches/{batch}/revisions/{revision}")
        return [
            json.loads(self.body("control", key)) for key in keys if key.endswith("report.json")
        ]

    def published(self, batch: str) -> dict[str, Any] | None:
        """The pointer, once there is one."""
        key = f"batches/{batch}/published.json"
        if not self.keys("control", key):
            return None
        document: dict[str, Any] = json.loads(self.body("control", key))
        return document

    def gold(self, table: str, batch: str) -> list[dict[str, Any]]:
        """The published rows of a table."""
        pointer = self.published(batch)
        assert pointer is not None
        prefix = f"{table}/batch_id={batch}/run_id={pointer['run_id']}/"
        return [
            row
            for key in self.keys("gold", prefix)
            if key.endswith(".parquet")
            for row in parquet.read_table(io.BytesIO(self.body("gold", key))).to_pylist()
        ]

    def wrong(self, expected: dict[str, Any], batch: str) -> list[str]:
        """What is not as expected, in words; waits for the end first."""
        ended = self._end(expected["status"], batch)
        if not ended:
            said = [f"{item['code']}: {item['detail']}" for item in self.records(batch)]
            said += [str(item.get("error")) for item in self.reports(batch)]
            return [f"{expected['status']} expected, found {said or 'nothing'}"]
        return [
            *(self._gold(expected, batch) if expected["status"] == "published" else ()),
            *self._datasets(expected, batch),
            *self._rejected(expected, batch),
        ]

    def _end(self, status: str, batch: str) -> bool:
        if status == "published":
            return bool(self.until(lambda: self.published(batch)))
        return bool(self.until(lambda: self.records(batch)))

    def _gold(self, expected: dict[str, Any], batch: str) -> Iterator[str]:
        rows = self.gold("user_activity", batch)
        found: dict[str, Any] = {"user_activity_rows": len(rows)}
        found |= {f"sum_{name}": sum(row[name] or 0 for row in rows) for name in SUMS}
        for name, wanted in expected.get("gold", {}).items():
            if Decimal(str(found[name])) != Decimal(str(wanted)):
                yield f"{name} is {found[name]}, not {wanted}"
        by_id = {row["user_id"]: row for row in rows}
        for cells in expected.get("rows", ()):
            for name, wanted in cells.items():
                cell = by_id.get(cells["user_id"], {}).get(name)
                if str(cell) != str(wanted):
                    yield f"user {cells['user_id']} {name} is {cell}, not {wanted}"
        if "user_ids" in expected and sorted(by_id) != sorted(expected["user_ids"]):
            yield f"users are {sorted(by_id)}"

    def _datasets(self, expected: dict[str, Any], batch: str) -> Iterator[str]:
        if "datasets" not in expected:
            return
        # A report is there a moment after its publication.
        revision = (self.published(batch) or {"revision": ""})["revision"]
        report = self.until(lambda: self.reports(batch, revision))[-1]
        for dataset, wanted in expected["datasets"].items():
            counts = report["datasets"][dataset]
            reasons = {
                name: count
                for name, count in counts.items()
                if name not in NOT_REASONS and not name.startswith(BESIDE)
            }
            found = {**counts, "rejected": sum(reasons.values()), "reasons": reasons}
            for name, value in wanted.items():
                if found.get(name, 0) != value:
                    yield f"{dataset} {name} is {found.get(name, 0)}, not {value}"

    def _rejected(self, expected: dict[str, Any], batch: str) -> Iterator[str]:
        records = self.records(batch)
        if "records" in expected and len(records) != expected["records"]:
            yield f"{len(records)} records, not {expected['records']}"
        for wanted in expected.get("rejected", ()):
            of_file = [item for item in records if item["source"]["key"].endswith(wanted["file"])]
            if not of_file:
                yield f"{wanted['file']} has no record"
                continue
            if of_file[-1]["code"] not in wanted["code_any_of"]:
                yield f"{wanted['file']}: {of_file[-1]['code']}, not {wanted['code_any_of']}"
            text = json.dumps(of_file[-1], ensure_ascii=False).lower()
            for words in wanted["record_must_say"]:
                if words.lower() not in text:
                    yield f"the record of {wanted['file']} does not say {words!r}"
