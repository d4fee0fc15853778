"""The views of the job stand in an order in which each finds what it reads."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from graphlib import CycleError
from pathlib import Path

import pytest
import sqlglot
from sqlglot.optimizer.scope import traverse_scope

from lakegate.contract import Column, load
from lakegate.transform.engines.spark import queries

ROOT = Path(__file__).resolve().parents[3]
FILES = {path.stem: path for path in (ROOT / "src" / "glue_jobs" / "sql").rglob("*.sql")}
BY_NAME = {"rejected_lines"}


def parsed(path: Path) -> set[str]:
    """What a file reads by a real parser of SQL."""
    tree = sqlglot.parse_one(path.read_text(), read="spark")
    named = {table.name for table in tree.find_all(sqlglot.exp.Table)}
    own = {cte.alias for scope in traverse_scope(tree) for cte in scope.ctes}
    return named - own


@pytest.mark.parametrize("name", sorted(FILES))
def test_sources_are_what_a_parser_finds(name: str) -> None:
    assert queries.sources(FILES[name].read_text()) == parsed(FILES[name])


def test_every_view_comes_after_what_it_reads() -> None:
    order = queries.order()
    read = load(ROOT / "config" / "pipeline.yaml").read
    lines = {f"{form}_{name}" for form in ("split", "lines") for name in read}
    assert sorted(order) == sorted(FILES.keys() - BY_NAME)
    for place, name in enumerate(order):
        assert parsed(FILES[name]) <= {*order[:place]} | lines, name


def test_every_dataset_that_gold_reads_is_counted() -> None:
    read = load(ROOT / "config" / "pipeline.yaml").read
    assert parsed(FILES["line_counts"]) == {f"split_{name}" for name in read}


def test_remarks_and_texts_are_no_sources() -> None:
    sql = (
        "-- from nowhere\nwith own as (select 'from text' from a)\nselect 1 FROM own join b on true"
    )
    assert queries.sources(sql) == {"a", "b"}


def test_views_that_read_each_other_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.sql").write_text(f"select 1 from {other}")
    monkeypatch.setattr(queries, "_paths", tmp_path.iterdir)
    with pytest.raises(CycleError):
        queries.order.__wrapped__()


def test_a_view_gets_the_defaults_of_its_dataset_by_their_types() -> None:
    rules = load(ROOT / "config" / "pipeline.yaml")
    assert queries.markers(rules, "stg_orders") == {"amount_default": Decimal("0")}
    assert queries.markers(rules, "user_activity") == {}
    orders = rules.datasets["orders"]
    stars = Column("stars", "int", "", default="3")
    rated = dataclasses.replace(orders, columns=(*orders.columns[:4], stars))
    extended = dataclasses.replace(rules, datasets={**rules.datasets, "web_orders": rated})
    assert queries.markers(extended, "stg_web_orders") == {"stars_default": 3}
