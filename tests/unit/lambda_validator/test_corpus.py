"""data/invalid: every file has its verdict, every code its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract import Contract
from lambda_validator.reasons import Code
from lambda_validator.verdict import Rejected
from scripts import document_rejections
from tests.unit.lambda_validator.conftest import World

CORPUS = Path(__file__).parents[3] / "data" / "invalid"
EXPECTED = yaml.safe_load((CORPUS / "expected.yaml").read_text())
FILES: dict[str, dict[str, Any]] = EXPECTED["files"]


@pytest.mark.parametrize("depth", ["sampled", "full"])
@pytest.mark.parametrize("name", FILES)
def test_every_file_is_refused_for_its_reason(
    name: str, depth: Any, contract: Contract, make_world: Callable[[Contract], World]
) -> None:
    expected = FILES[name]
    world = make_world(replace(contract, validation=depth))
    outcome = world.process(
        world.upload(expected.get("as", "users.json"), (CORPUS / name).read_bytes())
    )
    assert isinstance(outcome.verdict, Rejected)
    assert (outcome.verdict.code.value, outcome.verdict.offset, outcome.verdict.line) == (
        expected["code"],
        expected.get("offset"),
        expected.get("line"),
    )
    (record,) = world.records().values()
    assert record["code"] == expected["code"]
    assert record["fix"] == Code(expected["code"]).fix
    assert world.silver() == {}
    assert world.cloud.s3.contents("control") == {}


def test_the_list_names_exactly_the_files() -> None:
    assert set(FILES) == {path.name for path in CORPUS.iterdir()} - {"expected.yaml"}


def test_every_code_has_a_file_named_for_it_or_a_reason_for_none() -> None:
    named = {path.stem for path in CORPUS.iterdir() if path.suffix != ".yaml"}
    without = set(EXPECTED["without_file"])
    assert {code.value for code in Code} - without <= named
    assert not without & named
    assert all(
        name.partition(".")[0].partition("-")[0] == case["code"] for name, case in FILES.items()
    )


def test_the_page_of_reasons_is_the_code() -> None:
    assert document_rejections.PAGE.read_text() == document_rejections.render()
