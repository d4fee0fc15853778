"""data/valid: every shape of file that people have, each giving the same rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakegate.contract import Contract
from lakegate.files.lines.judge import Judge
from lakegate.files.verdict import Accepted
from tests.unit.files.conftest import make_world

CORPUS = Path(__file__).parents[3] / "data" / "valid"
FILES: dict[str, dict[str, Any]] = yaml.safe_load((CORPUS / "expected.yaml").read_text())["files"]


@pytest.fixture(scope="module", params=["sampled", "full"])
def contract_in_depth(request: pytest.FixtureRequest, contract: Contract) -> Contract:
    return replace(contract, validation=request.param)


def rows(contract: Contract, lines: bytes, casts: str) -> list[tuple[Any, ...]]:
    """The values of the lines that are not blank; none of them may be bad or lose a value."""
    judge = Judge(contract.datasets["users"], contract.limits, casts=casts or None)
    judged = [judge.judge(line) for line in lines.split(b"\n") if line.strip()]
    assert all(item.reason is None and item.nulled == () for item in judged)
    return [item.values for item in judged]


@pytest.mark.parametrize("name", FILES)
def test_every_shape_gives_the_same_rows(name: str, contract_in_depth: Contract) -> None:
    contract, expected = contract_in_depth, FILES[name]
    world, body = make_world(contract), (CORPUS / name).read_bytes()
    outcome = world.process(world.upload(f"a/users{name[name.index('.') :]}", body))
    assert outcome.verdict == Accepted(3)
    ((key, silver),) = world.silver().items()
    assert key.endswith(".json")
    assert outcome.index is not None
    arrival = outcome.index.files["users"]
    assert arrival.name == f"users{name[name.index('.') :]}"
    assert arrival.shape == expected["shape"]
    assert arrival.encoding == expected.get("encoding", "utf-8")
    assert arrival.compression == expected.get("compression", "")
    assert (arrival.bytes_before, arrival.bytes_after) == (len(body), len(silver))
    assert arrival.records == (None if expected["shape"] == "lines" else 3)
    assert arrival.casts == ("lenient" if expected["shape"] == "csv" else "")
    plain = (CORPUS / "lines.json").read_bytes()
    assert rows(contract, silver, arrival.casts) == rows(contract, plain, "")


def test_plain_lines_are_copied_by_the_server_and_others_are_not(contract: Contract) -> None:
    copied = set()
    for name in FILES:
        world = make_world(contract)
        world.process(world.upload(f"users{name[name.index('.') :]}", (CORPUS / name).read_bytes()))
        if "CopyObject" in world.cloud.operations():
            copied.add(name)
    assert copied == {"lines.json", "lines-cr_lf.json", "lines-unended.jsonl"}


def test_the_list_names_exactly_the_files() -> None:
    assert set(FILES) == {path.name for path in CORPUS.iterdir()} - {"expected.yaml"}
