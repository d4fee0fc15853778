"""data/invalid through the deployed validator: every file is refused for its reason, once."""

from __future__ import annotations

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakegate.files import rejection
from lakegate.ledger import keys
from local.places import ROOT
from local.up.program import fresh_name
from tests.integration.conftest import World
from tests.integration.own_stack import OwnStack

pytestmark = pytest.mark.stack

CORPUS = ROOT / "data" / "invalid"
FILES: dict[str, dict[str, Any]] = yaml.safe_load((CORPUS / "expected.yaml").read_text())["files"]
PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Sent:
    """One file of the corpus in bronze, in a batch of its own."""

    name: str
    batch: str
    key: str
    version: str

    @property
    def record(self) -> str:
        """Where its rejection record belongs."""
        short, uploaded = keys.short_version(self.version), self.key.partition("/")[2]
        if FILES[self.name]["code"] == "bad_name":
            return keys.rejection("_unknown", rejection.unknown_stem(self.key), short)
        return keys.rejection(self.batch, uploaded.partition(".")[0], short)


def send(stack: OwnStack) -> list[Sent]:
    """The whole corpus."""
    s3, bucket, stem = stack.client("s3"), stack.outputs["bronze_bucket"], fresh_name("corpus")

    def put(numbered: tuple[int, str]) -> Sent:
        number, name = numbered
        batch = f"{stem}-{number:02d}"
        key = f"{batch}/{FILES[name].get('as', 'users.json')}"
        answer = s3.put_object(Bucket=bucket, Key=key, Body=(CORPUS / name).read_bytes())
        return Sent(name, batch, key, answer["VersionId"])

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(put, enumerate(FILES)))


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


def test_every_file_of_the_corpus_is_refused_for_its_reason(world: World) -> None:
    stack = OwnStack(world.backend, world.outputs)
    sent = send(stack)
    expected_records = {item.record for item in sent}
    assert len(expected_records) == len(FILES)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while missing := expected_records - set(stack.keys("quarantine", "files/")):
        assert time.monotonic() < deadline, missing
        time.sleep(0.5)

    s3, stem = stack.client("s3"), sent[0].batch.rpartition("-")[0]
    for item in sent:
        expected = FILES[item.name]
        found = s3.get_object(Bucket=stack.outputs["quarantine_bucket"], Key=item.record)
        record = json.loads(found["Body"].read())
        place = (record["code"], record["offset"], record["line"])
        wanted = (expected["code"], expected.get("offset"), expected.get("line"))
        assert place == wanted, item.name
        assert record["source"]["version_id"] == item.version
        assert record["fix"]
    ours = [key for key in stack.keys("quarantine", "files/") if stem in key]
    assert len(ours) == len([item for item in sent if stem in item.record])

    listed = s3.list_object_versions(Bucket=stack.outputs["bronze_bucket"], Prefix=stem)
    assert "DeleteMarkers" not in listed
    kept = {
        (item["Key"], item["VersionId"], item["ETag"].strip('"')) for item in listed["Versions"]
    }
    assert kept == {(item.key, item.version, _md5(CORPUS / item.name)) for item in sent}
    assert [key for key in stack.keys("silver") if stem in key] == []
    assert [key for key in stack.keys("control", "batches/") if stem in key] == []
