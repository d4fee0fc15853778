"""From files to tables that passed their checks, whatever the engine; here it is DuckDB."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakegate.contract import Contract, load
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.engines.duckdb.resources import Resources
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.errors import ThresholdError
from lakegate.transform.produce import Targets, produce
from lakegate.transform.render import render
from lakegate.transform.report import Report

ROOT = Path(__file__).resolve().parents[3]
USER = {"user_id": 1, "signed_up_at": "2026-01-01T00:00:00Z", "country": "DE"}
EVENT = {"event_id": "e", "user_id": 1, "event_type": "search", "occurred_at": USER["signed_up_at"]}
ORDER = {
    "order_id": "o",
    "user_id": 1,
    "ordered_at": USER["signed_up_at"],
    "status": "paid",
    "amount": "2.50",
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load(ROOT / "config" / "pipeline.yaml")


def report(contract: Contract, folder: Path, **rows: list[dict[str, object]]) -> Report:
    """What a run over these rows says; a dataset that is not named has no file."""
    inputs: dict[str, tuple[SilverFile, ...]] = dict.fromkeys(contract.read, ())
    for name, given in rows.items():
        path = folder / f"{name}.json"
        path.write_text("".join(json.dumps(row) + "\n" for row in given))
        inputs[name] = (SilverFile(str(path), path.stat().st_size),)
    targets = Targets(
        {name: str(folder / "gold" / name) for name in contract.gold_tables},
        {name: str(folder / "rows" / name) for name in contract.read},
    )
    found = Report("b", "r", 1, "run", "2026-11-22T00:00:00Z", {})
    with DuckDBEngine(contract, Resources(folder / "scratch", 2**28, 2**28, 1)) as engine:
        produce(engine, Project(contract, render(contract, "duckdb")), inputs, targets, found)
    return found


def test_all_tables_are_written_and_told_of(contract: Contract, tmp_path: Path) -> None:
    found = report(contract, tmp_path, users=[USER], events=[EVENT], orders=[ORDER])
    assert {name: facts["rows"] for name, facts in found.gold.items()} == {
        "user_activity": 1,
        "country_revenue": 1,
    }
    assert str(found.gold["country_revenue"]["totals"]["revenue"]) == "2.50"
    assert all(check.holds for check in found.checks)
    assert {check.table for check in found.checks} == {*found.gold}
    assert found.datasets["orders"] == {"read": 1, "used": 1, "deduplicated": 0}


def test_without_users_nothing_that_refers_to_them_is_checked(
    contract: Contract, tmp_path: Path
) -> None:
    found = report(contract, tmp_path, events=[EVENT], orders=[ORDER])
    assert found.unchecked_references == ["events.user_id", "orders.user_id"]
    assert found.datasets["events"] == {"read": 1, "used": 1, "deduplicated": 0}
    assert found.gold["user_activity"]["rows"] == 0


def test_an_unknown_user_rejects_a_row_and_too_many_end_the_run(
    contract: Contract, tmp_path: Path
) -> None:
    orphan = {**ORDER, "order_id": "p", "user_id": 2}
    with pytest.raises(ThresholdError, match=r"orders: 1 of 2 lines .*unknown_user_id 1"):
        report(contract, tmp_path, users=[USER], events=[EVENT], orders=[ORDER, orphan])
    assert [*(tmp_path / "rows" / "orders").glob("*.parquet")]
    assert not (tmp_path / "gold").exists()
