"""expected.json is exact: an independent count of the files finds the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lakegate import contract
from scripts.generator.dirt.faults import kinds
from scripts.generator.dirt.plan import Dirt, parse
from scripts.generator.draws import Draws
from scripts.generator.errors import GeneratorError
from tests.unit.scripts.recount import COLUMNS, REQUIRED, Recount, gold, parsed

WINDOW = 64 * 1024


def expected(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "expected.json").read_bytes())
    return document


@pytest.fixture(scope="module", params=["clean", "dirty"])
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


@pytest.fixture(scope="module")
def recounted(folder: Path) -> dict[str, Recount]:
    users = Recount(folder, "users")
    known = set(users.used)
    return {
        "users": users,
        "events": Recount(folder, "events", known),
        "orders": Recount(folder, "orders", known),
    }


@pytest.mark.parametrize("name", COLUMNS)
def test_counts_by_reason_are_exact(folder: Path, recounted: dict[str, Recount], name: str) -> None:
    said, found = expected(folder)["datasets"][name], recounted[name]
    assert said["read"] == found.read == said["used"] + said["rejected"] + said["deduplicated"]
    assert said["reasons"] == dict(found.reasons)
    assert said["nulled"] == dict(found.nulled)
    assert said["deduplicated"] == found.deduplicated
    assert said["used"] == len(found.used)


def test_gold_totals_are_exact(folder: Path, recounted: dict[str, Recount]) -> None:
    said = expected(folder)["gold"]["user_activity"]
    assert said["rows"] == len(recounted["users"].used)
    assert said["sums"] == gold(**recounted)


def test_files_are_described(folder: Path) -> None:
    for counts in expected(folder)["datasets"].values():
        for file in counts["files"]:
            data = (folder / file["name"]).read_bytes()
            assert file["bytes"] == len(data)
            assert file["lines"] == sum(1 for line in data.splitlines() if line.strip())


@pytest.mark.parametrize("name", COLUMNS)
def test_every_kind_of_fault_occurs(dirty: Path, name: str) -> None:
    said = expected(dirty)["datasets"][name]
    optional = set(COLUMNS[name]) - set(REQUIRED[name])
    assert set(said["nulled"]) == {f"nulled_{column}" for column in optional}
    reasons = {f"{fault}_{column}" for fault in ("missing", "bad") for column in REQUIRED[name]}
    reasons |= {"malformed", "superseded"} | (
        {"unknown_user"} - ({"unknown_user"} if name == "users" else set())
    )
    assert set(said["reasons"]) == reasons
    assert said["deduplicated"]


@pytest.mark.parametrize("name", COLUMNS)
def test_the_validator_sees_no_bad_line_of_a_long_file(dirty: Path, name: str) -> None:
    for path in dirty.glob(f"{name}-*.json"):
        data = path.read_bytes()
        seen = data[:WINDOW].split(b"\n")[:-1] + data[-WINDOW:].split(b"\n")[1:-1]
        assert len(seen) > 500
        rows = [parsed(line) for line in seen]
        assert all(row and all(row.get(column) for column in REQUIRED[name]) for row in rows)


def test_short_files_get_no_malformed_lines(made: Any) -> None:
    out = made(1000, dirt={"malformed": 0.1, "missing": 0.1})
    assert set(expected(out)["datasets"]["users"]["reasons"]) == {
        "missing_user_id",
        "missing_signed_up_at",
    }


def test_good_rows_are_the_same_with_and_without_dirt(made: Any) -> None:
    good = (made(1000) / "orders.json").read_bytes().splitlines()
    soiled = (made(1000, dirt={"all": 0.3}) / "orders.json").read_bytes().splitlines()
    assert len(soiled) > 1200
    rest = iter(soiled)
    assert all(line in rest for line in good)


def test_shares_by_kind_are_kept(made: Any) -> None:
    out = made(40_000, dirt={"malformed": 0.002, "unknown_user": 0.001})
    orders = expected(out)["datasets"]["orders"]["reasons"]
    assert orders == {
        "malformed": pytest.approx(80, abs=2),
        "unknown_user": pytest.approx(40, abs=2),
    }


def test_more_dirt_than_a_run_accepts_is_refused(shop: contract.Contract) -> None:
    Dirt(shop, Draws(1), parse("0.01")).check()
    with pytest.raises(GeneratorError, match=r"events would be rejected, a run accepts 1\.00%"):
        Dirt(shop, Draws(1), parse("unknown_user=0.011")).check()


@pytest.mark.parametrize("text", ["lots", "-0.1", "nulled=", "rust=0.1", "0.6", "nan"])
def test_unusable_shares_are_explained(text: str) -> None:
    with pytest.raises(GeneratorError, match=f"DIRT={text}: "):
        parse(text)


def test_a_full_check_of_files_leaves_out_malformed_lines(shop: contract.Contract) -> None:
    full = contract.from_json(
        contract.to_json(shop).replace(b'"validation": "sampled"', b'"validation": "full"')
    )
    families = {kind.family for kind in kinds(full, "users")}
    assert "malformed" not in families and "missing" in families
