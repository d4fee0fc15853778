"""data/invalid: every file has its verdict, every code its file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakegate.contract import Contract
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected
from scripts.documents import marked, rejections
from tests.unit.files.conftest import World, make_world

CORPUS = Path(__file__).parents[4] / "data" / "invalid"
EXPECTED = yaml.safe_load((CORPUS / "expected.yaml").read_text())
FILES: dict[str, dict[str, Any]] = EXPECTED["files"]


@pytest.fixture(scope="module", params=["sampled", "full"])
def world(request: pytest.FixtureRequest, contract: Contract) -> World:
    return make_world(replace(contract, validation=request.param))


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_refused_for_its_reason(name: str, world: World) -> None:
    expected = FILES[name]
    ref = world.upload(f"corpus/{expected.get('as', 'users.json')}", (CORPUS / name).read_bytes())
    verdict = world.process(ref).verdict
    assert isinstance(verdict, Rejected)
    assert verdict.code.value == expected["code"]
    assert (verdict.offset, verdict.line) == (expected.get("offset"), expected.get("line"))
    (record,) = [r for r in world.records().values() if r["source"]["version_id"] == ref.version_id]
    assert record["code"] == expected["code"]
    assert record["fix"] != ""
    assert world.silver() == {}
    assert world.cloud.s3.contents("control") == {}


def test_the_list_names_exactly_the_files() -> None:
    assert set(FILES) == {path.name for path in CORPUS.iterdir()} - {"expected.yaml"}


def test_every_code_has_a_file_named_for_it_or_a_reason_for_none() -> None:
    named = {path.name.partition(".")[0] for path in CORPUS.iterdir()}
    without = set(EXPECTED["without_file"])
    assert {code.value for code in Code} - without <= named
    assert not without & named


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_named_for_its_code(name: str) -> None:
    assert re.split("[-.]", name)[0] == FILES[name]["code"]


def test_the_page_of_reasons_is_the_code() -> None:
    page = rejections.PAGE.read_text()
    assert page == marked.written(page, codes=rejections.table())
