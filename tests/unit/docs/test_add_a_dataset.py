"""What docs/add_a_dataset.md says of a landed dataset works as it stands there."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from pathlib import Path

import pytest

from lakegate import contract
from lakegate.cli.reads.explain import explain
from lakegate.cli.reads.facts import collect
from lakegate.contract import Contract, from_json, to_json
from lakegate.files import naming
from lakegate.files.event import ObjectRef
from lakegate.files.move import Lake
from lakegate.files.reasons import Code
from lakegate.files.validate import Outcome, Validator
from lakegate.files.verdict import Accepted, Rejected
from lakegate.ledger import gate, keys
from lakegate.ledger.keys import FileName
from scripts.documents import data
from tests.unit.cli.scene import ROOT, Scene, fresh

PAGE = ROOT / "docs" / "add_a_dataset.md"
GOOD = {"product_id": 1, "title": "Kettle", "price": "29.90", "updated_at": "2026-11-22T10:00:00Z"}


def block(number: int) -> str:
    """The text of a YAML block of the page, counted from 0."""
    found: list[str] = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return found[number]


@pytest.fixture
def extended(tmp_path: Path) -> Contract:
    """The project's contract with the page's dataset in it."""
    text = (ROOT / "config" / "pipeline.yaml").read_text()
    path = tmp_path / "config" / "pipeline.yaml"
    path.parent.mkdir()
    path.write_text(text.replace("\ngold_tables:", f"\n{block(0)}\ngold_tables:"))
    shutil.copytree(ROOT / "src/glue_jobs/sql", tmp_path / "src/glue_jobs/sql")
    (tmp_path / ".git").touch()  # one checkout, as the real one
    return from_json(to_json(contract.load(path)))


@pytest.fixture
def scene(extended: Contract) -> Scene:
    scene = fresh()
    scene.contract = extended
    return scene


def process(scene: Scene, key: str, *rows: object) -> Outcome:
    """What the validator makes of an upload."""
    body = "".join(json.dumps(row) + "\n" for row in rows).encode()
    version = scene.cloud.s3.put("bronze-bucket", key, body)
    s3 = scene.cloud.client("s3")
    lake = Lake(s3, "bronze-bucket", "silver-bucket", "quarantine-bucket")
    ref = ObjectRef(key, version.version_id, len(body), sequencer=version.sequencer)
    return Validator(scene.contract, lake, scene.lake.store).process(ref, scene.now)


def test_its_name_is_valid(extended: Contract) -> None:
    assert naming.parse("b/products-0003.json", extended) == FileName("b", "products", "0003")


def test_a_good_file_goes_to_silver(scene: Scene) -> None:
    outcome = process(scene, "b/products.json", GOOD)
    assert isinstance(outcome.verdict, Accepted)
    key = keys.silver(FileName("b", "products"), keys.short_version(outcome.ref.version_id))
    assert key.startswith("products/batch_id=b/")
    assert scene.cloud.s3.current("silver-bucket", key) is not None


def test_a_bad_file_is_refused_by_its_own_columns(scene: Scene) -> None:
    outcome = process(scene, "b/products.json", {**GOOD, "title": None})
    assert isinstance(outcome.verdict, Rejected)
    assert outcome.verdict.code is Code.MISSING_FIELD
    assert "missing_title" in outcome.verdict.detail


def test_no_batch_waits_for_it(scene: Scene) -> None:
    scene.arrive("b", "users", "events")
    assert scene.look("b").missing == ("orders",)


def test_it_alone_completes_nothing(scene: Scene) -> None:
    index = process(scene, "b/products.json", GOOD).index
    assert index is not None
    assert not gate.decide(scene.contract.gate.required, index).complete


def test_a_late_file_of_it_starts_no_run_and_undoes_no_rollback(scene: Scene) -> None:
    scene.arrive("b", "users", "events", "orders")
    before = scene.look("b")
    index = process(scene, "b/products.json", GOOD).index
    assert index is not None
    assert scene.look("b") == before
    assert len(scene.cloud.glue.runs) == 1
    assert index.generation == 3
    told = explain(collect(scene.lake, "b"), scene.contract, scene.now).steps
    assert any("b/products.json accepted" in step.text for step in told)


def test_a_batch_that_is_to_wait_for_it_does(scene: Scene) -> None:
    rules = scene.contract
    gate_of_all = dataclasses.replace(rules.gate, required=(*rules.gate.required, "products"))
    scene.contract = dataclasses.replace(rules, gate=gate_of_all)
    scene.arrive("b", "users", "events", "orders")
    assert scene.look("b").missing == ("products",)
    process(scene, "b/products.json", GOOD)
    assert scene.look("b").state == "started"


def test_it_stands_in_the_data_dictionary(extended: Contract) -> None:
    page = data.tables(extended)
    assert "Bronze key `[<batch>/]products[-<part>].json`, landed and checked only." in page
    assert "| `product_id` | bigint | key |  |  | Identifies the product |" in page
