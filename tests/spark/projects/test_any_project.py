"""Keys, `latest_by` and references as any project may have them; what is expected, by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pyspark.errors import PythonException
from pyspark.sql import SparkSession

from lakegate.contract import Column, Contract, Dataset, GoldTable, Reference
from lakegate.contract.model import Gate
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark.engine import SparkEngine
from tests.spark import batches

USERS = Dataset(
    columns=(Column("id", "bigint", required=True), Column("at", "string")),
    primary_key=("id",),
    max_rejected_ratio=0.9,
)
ORDERS = Dataset(
    columns=(
        Column("shop", "string", required=True),
        Column("number", "int", required=True),
        Column("order", "bigint"),
        Column("user", "bigint"),
        Column("note", "string", default="it's none"),
    ),
    primary_key=("shop", "number"),
    references={"user": Reference("users")},
    max_rejected_ratio=0.9,
)
ITEMS = Dataset(
    columns=(Column("day", "date"), Column("code", "string"), Column("weight", "double")),
    references={"code": Reference("codes"), "day": Reference("days", "keep")},
    max_rejected_ratio=0.9,
)
CODES = Dataset(
    columns=(Column("code", "string", required=True), Column("parent", "bigint")),
    primary_key=("code",),
    references={"parent": Reference("users")},
    max_rejected_ratio=0.9,
)
DAYS = Dataset(columns=(Column("day", "date", required=True),), primary_key=("day",))


def project(**datasets: Dataset) -> Contract:
    """A project with one table of counts, which a second one reads."""
    first = next(iter(datasets))
    counts = " union all ".join(
        f"select '{name}' as name, count(*) as line_count from stg_{name}" for name in datasets
    )
    total = "select 'all' as name, sum(line_count) as line_count from counts"
    columns = (Column("name", "string"), Column("line_count", "bigint"))
    return Contract(
        project="any",
        gate=Gate(required=(first,)),
        datasets=datasets,
        gold_tables={
            "a_total": GoldTable("", ("name",), columns, reads=tuple(datasets), sql=total),
            "counts": GoldTable("", ("name",), columns, reads=tuple(datasets), sql=counts),
        },
    )


def lines(*rows: dict[str, Any]) -> list[bytes]:
    return [json.dumps(row).encode() for row in rows]


@pytest.fixture
def run(spark: SparkSession, tmp_path: Path) -> Any:
    def do(contract: Contract, **given: list[bytes]) -> batches.Produced:
        return batches.run(spark, contract, batches.write(tmp_path, given), tmp_path)

    return do


def outcomes(produced: batches.Produced, dataset: str) -> dict[str, int]:
    return {name: count for name, count in produced.outcomes[dataset].items() if count}


def test_all_columns_of_a_key_together_are_the_key_and_the_larger_row_counts(
    run: Any, spark: SparkSession
) -> None:
    produced = run(
        project(orders=ORDERS, users=USERS),
        users=lines({"id": 1}),
        orders=lines(
            {"shop": "a", "number": 1, "order": 2, "user": 1, "note": "x"},
            {"shop": "a", "number": 1, "order": None, "user": 1, "note": "z"},
            {"shop": "a", "number": 1, "order": 2, "user": 1, "note": "x"},
            {"shop": "a", "number": 1, "order": 10, "user": None},
            {"shop": "a", "number": 2, "order": 1, "user": 1},
            {"shop": "b", "number": 1, "order": 1, "user": 1},
        ),
    )
    assert outcomes(produced, "orders") == {
        "read": 6,
        "used": 3,
        "deduplicated": 1,
        "superseded": 2,
    }
    kept = spark.sql("select shop, number, `order`, user, note from stg_orders").collect()
    assert {tuple(row) for row in kept} == {
        ("a", 1, 10, None, "it's none"),
        ("a", 2, 1, 1, "it's none"),
        ("b", 1, 1, 1, "it's none"),
    }


def test_without_a_key_alike_lines_are_as_many_as_they_are(run: Any) -> None:
    line = {"day": "2026-01-01", "code": "k", "weight": 1.5}
    produced = run(
        project(items=ITEMS, codes=CODES, users=USERS, days=DAYS),
        items=lines(line, line, {**line, "code": "unheard of"}, {**line, "code": None}),
        codes=lines({"code": "k"}),
        users=lines({"id": 1}),
        days=lines({"day": "1999-01-01"}),
    )
    assert outcomes(produced, "items") == {"read": 4, "used": 3, "unknown_code": 1}


def test_what_refers_to_a_rejected_line_is_rejected_too(run: Any) -> None:
    produced = run(
        project(items=ITEMS, codes=CODES, users=USERS, days=DAYS),
        items=lines({"code": "good"}, {"code": "orphan"}, {"code": "bad"}),
        codes=lines({"code": "good", "parent": 1}, {"code": "orphan", "parent": 7}, {"code": 5}),
        users=lines({"id": 1}),
        days=lines({"day": "1999-01-01"}),
    )
    assert outcomes(produced, "codes") == {
        "read": 3,
        "used": 1,
        "unknown_parent": 1,
        "bad_code": 1,
    }
    assert outcomes(produced, "items") == {"read": 3, "used": 1, "unknown_code": 2}


def test_of_two_lines_the_latest_by_counts_whatever_its_type(run: Any, spark: SparkSession) -> None:
    users = Dataset(columns=USERS.columns, primary_key=("id",), latest_by="at")
    run(
        project(users=users),
        users=lines(
            {"id": 1, "at": "\ue000"},
            {"id": 1, "at": "\U0001f6d2"},
            {"id": 1, "at": None},
            {"id": 1, "at": "z"},
        ),
    )
    assert [row["at"] for row in spark.sql("select at from stg_users").collect()] == ["\U0001f6d2"]


def test_without_files_of_a_dataset_what_refers_to_it_is_not_checked(run: Any) -> None:
    contract = project(items=ITEMS, codes=CODES, users=USERS, days=DAYS)
    produced = run(contract, items=lines({"code": "k"}), users=lines({"id": 1}))
    assert outcomes(produced, "items") == {"read": 1, "used": 1}
    assert produced.report.unchecked_references == ["items.code"]
    assert produced.tables["a_total"] == [{"name": "all", "line_count": 2}]


def test_without_files_whole_numbers_are_not_looked_for_either(run: Any) -> None:
    contract = project(items=ITEMS, codes=CODES, users=USERS, days=DAYS)
    produced = run(contract, items=lines({"code": "k"}), codes=lines({"code": "k", "parent": 7}))
    assert outcomes(produced, "codes") == {"read": 1, "used": 1}
    assert produced.report.unchecked_references == ["codes.parent"]


def test_a_mart_may_read_another(run: Any) -> None:
    produced = run(project(users=USERS), users=lines({"id": 1}, {"id": 2}))
    assert produced.tables["counts"] == [{"name": "users", "line_count": 2}]
    assert produced.tables["a_total"] == [{"name": "all", "line_count": 2}]
    assert {check.table for check in produced.report.checks} == {"counts", "a_total"}


# Made to have one xxhash64 where `odd_keys` hashes the keys of codes.
ONE, OTHER = "abcdefgh00000001", "9t22ghx7Yp$Don>+"


def test_keys_that_only_share_a_hash_are_told_apart(run: Any, spark: SparkSession) -> None:
    hashes = [f"xxhash64('codes', '{code}')" for code in (ONE, OTHER)]
    assert spark.sql(f"select {' = '.join(hashes)} as alike").collect()[0]["alike"]
    given = {
        "items": lines({"code": ONE}, {"code": OTHER}),
        "users": lines({"id": 1}),
        "days": lines({"day": "1999-01-01"}),
    }
    contract = project(items=ITEMS, codes=CODES, users=USERS, days=DAYS)
    both = run(contract, **given, codes=lines({"code": ONE}, {"code": OTHER}))
    assert outcomes(both, "codes") == {"read": 2, "used": 2}
    one = run(contract, **given, codes=lines({"code": ONE}))
    assert outcomes(one, "items") == {"read": 2, "used": 1, "unknown_code": 1}


def test_a_rejected_line_is_kept_also_where_a_good_one_shares_its_hash(
    spark: SparkSession, tmp_path: Path
) -> None:
    good, bad = b'{"id":1,"n":"cii@@!2oBC&"}', b'{"id":'
    both = spark.createDataFrame([(good.decode(), bad.decode())], "g string, b string")
    assert both.selectExpr("xxhash64(g) = xxhash64(b) as alike").collect()[0]["alike"]
    uris = batches.write(tmp_path, {"users": [good, bad]}, parts=2)
    produced = batches.run(spark, project(users=USERS), uris, tmp_path)
    assert outcomes(produced, "users") == {"read": 2, "used": 1, "malformed": 1}
    assert ("malformed", bad) in produced.rejected["users"]


def test_a_line_that_makes_a_run_fail_is_named_with_dataset_file_and_number(
    spark: SparkSession, tmp_path: Path
) -> None:
    path = tmp_path / "users.json"
    path.write_bytes(b'{"id": 1}\n\n{"id": 2}\nodd\n')
    told = spark.sql("select xxhash64('odd') as line").collect()[0]["line"]
    engine = SparkEngine(spark, project(users=USERS))
    engine.read({"users": [SilverFile(path.as_uri())]})
    worker = PythonException(f"in a worker\n LineError: users: line {told}: too large\n")
    assert re.fullmatch(r"users: file:.*/users[.]json, line 4: too large", engine.cause(worker))
    assert engine.cause(PythonException("other")) == "PythonException: other"
