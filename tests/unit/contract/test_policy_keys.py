"""What the contract says of files, engines and batches is obeyed as it is written there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lakegate import contract
from lakegate.contract import Contract
from lakegate.files import manifest
from lakegate.files.verdict import Rejected
from lakegate.files.verdicts.offline import check
from lakegate.ledger import gate
from lakegate.ledger.engines.choice import choose
from lakegate.ledger.records import Arrival, Arrivals
from tests import keys

GOOD = '{"number":1,"carrier":"UA","at":"2026-01-02T00:00:00Z","delay":5}\n'
BAD = "no line\n"
LONG = f"{GOOD * 200}{BAD * 30}{GOOD * 200}"  # bad in the middle, more than the ratio allows
BESIDE = '{"number":1,"more":{"a":1},"most":[2],"x":"[[["}\n'
NESTED = '{"number":1,"more":{"a":{"b":1}}}\n'
SMALL = "limits: {window_bytes: 1024}\n"
FEWER = "limits: {max_files_per_batch: 1}\n"
FILES = [
    ("", GOOD, ""),
    ("limits: {min_bytes: 100}\n", GOOD, "empty"),
    ("limits: {max_bytes: 60}\n", GOOD, "too_large"),
    ("limits: {max_full_bytes: 60}\n", GOOD, ""),
    ("validation: full\nlimits: {max_full_bytes: 60}\n", GOOD, "too_large"),
    ("limits: {max_convert_bytes: 60}\n", f"[{GOOD}]", "too_large_to_convert"),
    ("", f"[{GOOD}]", ""),
    ("limits: {max_line_bytes: 60}\n", GOOD, "line_too_long"),
    ("limits: {max_depth: 2}\n", NESTED, "too_deep"),
    ("limits: {max_depth: 3}\n", NESTED, ""),
    ("limits: {max_depth: 2}\n", BESIDE, ""),
    ("", LONG, "syntax"),
    (SMALL, LONG, ""),
    (f"validation: full\n{SMALL}", LONG, "syntax"),
    ("", "", "empty"),
]
NEEDED = [
    ("", ()),
    ("gate: {required: [flights, airlines]}\n", ("airlines",)),
    ("gate: {required: [flights]}\n", ()),
]
ENGINES = [
    ("", 10, ("spark", "contract")),
    ("engine: duckdb\n", 10, ("duckdb", "contract")),
    ("engine: auto\n", 2**30, ("duckdb", "auto")),
    ("engine: auto\n", 2**30 + 1, ("spark", "auto")),
    ("engine: auto\nauto_max_bytes: 9\n", 10, ("spark", "auto")),
    ("engine: auto\nauto_max_bytes: 10\n", 10, ("duckdb", "auto")),
]
ATTEMPTS = [("", 3), ("gate: {max_attempts: 5}\n", 5)]


def project(folder: Path, line: str = "", ratio: float = 0.01) -> Contract:
    """The contract with one more line at its beginning."""
    case = keys.Case("", ((keys.RATIO, f"max_rejected_ratio: {ratio}\n{line}"),), [], {})
    return contract.load(keys.write(folder, case))


@pytest.mark.parametrize(("line", "content", "code"), FILES)
def test_a_key_about_files_is_obeyed(tmp_path: Path, line: str, content: str, code: str) -> None:
    path = tmp_path / "flights.json"
    path.write_text(content)
    found = check(project(tmp_path / "project", line), path).verdict
    assert (found.code.value if isinstance(found, Rejected) else "") == code


def test_the_most_files_of_a_manifest_are_obeyed(tmp_path: Path) -> None:
    names = ["flights.json", "airlines.json"]
    text = json.dumps({"version": 1, "files": names}).encode()
    rules = project(tmp_path / "one")
    assert manifest.decide(rules, "b", text) == ("flights", "airlines")
    stricter = project(tmp_path / "other", FEWER)
    assert isinstance(manifest.decide(stricter, "b", text), Rejected)


def arrived(*datasets: str, size: int = 10) -> Arrivals:
    at = "2026-11-22T12:00:00.000000Z"
    files = {name: Arrival(f"b/{name}.json", name, size, at, at, "01") for name in datasets}
    return Arrivals("b", 1, at, files)


@pytest.mark.parametrize(("line", "missing"), NEEDED)
def test_a_batch_waits_for_what_is_required(
    tmp_path: Path, line: str, missing: tuple[str, ...]
) -> None:
    rules = project(tmp_path, line)
    assert gate.decide(rules.gate.required, arrived("flights")).missing == missing


@pytest.mark.parametrize(("line", "size", "engine"), ENGINES)
def test_the_engine_and_its_most_bytes_are_obeyed(
    tmp_path: Path, line: str, size: int, engine: Any
) -> None:
    rules = project(tmp_path, line)
    decision = gate.decide(rules.gate.required, arrived("flights", size=size))
    assert choose(rules, decision.inputs, ("spark", "duckdb")) == engine


@pytest.mark.parametrize(("line", "most"), ATTEMPTS)
def test_attempts_are_as_many_as_the_contract_allows(tmp_path: Path, line: str, most: int) -> None:
    rules = project(tmp_path, line)
    decision = gate.decide(rules.gate.required, arrived("flights"))
    claim = gate.first_claim("b", decision, rules, ("spark", "contract"), "")
    assert claim.attempts_allowed == most
