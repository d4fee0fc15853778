"""What a contract says is what the model holds, with every default filled in."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakegate import contract
from lakegate.contract.errors import ContractWarning
from lakegate.contract.model import (
    TIMESTAMP_PATTERN,
    Column,
    Contract,
    Gate,
    Gold,
    GoldTable,
    Limits,
    Reference,
)
from lakegate.contract.source import spec
from tests.unit.contract.flights import MART, YAML, write

ROOT = Path(__file__).parents[3]
PIPELINE = ROOT / "config" / "pipeline.yaml"


@pytest.fixture(scope="module")
def pipeline() -> Contract:
    return contract.load(PIPELINE)


def loaded(folder: Path, yaml: str = YAML, **sql: str) -> Contract:
    return contract.load(write(folder, yaml, **sql))


@pytest.mark.parametrize("demo", [True, False])
def test_json_round_trip(tmp_path: Path, demo: bool) -> None:
    rules = contract.load(PIPELINE) if demo else loaded(tmp_path)
    assert contract.from_json(contract.to_json(rules)) == rules


def test_json_is_read_with_the_standard_library_alone(pipeline: Contract, tmp_path: Path) -> None:
    (tmp_path / "pipeline.json").write_bytes(contract.to_json(pipeline))
    program = (
        "import sys\n"
        "for name in ('yaml', 'pydantic', 'sqlglot'): sys.modules[name] = None\n"
        "from lakegate import contract; from pathlib import Path\n"
        "print(len(contract.from_json(Path('pipeline.json').read_bytes()).datasets))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "3"


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    rules = loaded(tmp_path)
    assert (rules.version, rules.engine, rules.auto_max_bytes) == (2, "spark", 1073741824)
    assert (rules.casts, rules.max_rejected_ratio, rules.validation) == ("strict", 0.01, "sampled")
    assert rules.limits == Limits(
        min_bytes=1,
        max_bytes=5368709120,
        max_full_bytes=2147483648,
        max_convert_bytes=1073741824,
        window_bytes=65536,
        max_line_bytes=1048576,
        max_depth=64,
        max_files_per_batch=10000,
    )
    assert rules.limits == Limits()
    assert rules.gate == Gate(("airlines", "flights"), 60, 3, 180)
    assert rules.gold == Gold(24)
    assert rules.gold_tables["punctuality"] == GoldTable(
        description="",
        grain=("carrier",),
        reads=("flights",),
        partitions=(Column("batch_id", "string", "Batch the row was computed from"),),
        needs=("stg_flights",),
        sql=MART,
    )


def test_what_is_given_is_held(tmp_path: Path) -> None:
    flights = loaded(tmp_path).datasets["flights"]
    assert flights.primary_key == ("day", "carrier", "number")
    assert flights.latest_by == "updated"
    assert flights.references == {"carrier": Reference("airlines", "reject")}
    assert flights.columns == (
        Column("day", "date", required=True),
        Column("carrier", "string", required=True),
        Column("number", "int", required=True, source=("flight", "number")),
        Column("updated", "timestamp", epoch="ms"),
        Column("delay", "double", default=0),
        Column("state", "string", allowed=("on", "off", "no"), default="no"),
    )


def test_a_dataset_may_differ_from_the_whole(tmp_path: Path) -> None:
    own = "    casts: strict\n    max_rejected_ratio: 0\n    may_be_empty: yes\n    primary_key: c"
    yaml = YAML.replace("    primary_key: c", own) + "casts: lenient\nmax_rejected_ratio: 0.5\n"
    airlines, flights = loaded(tmp_path, yaml).datasets.values()
    assert (airlines.casts, airlines.max_rejected_ratio, airlines.may_be_empty) == (
        "strict",
        0,
        True,
    )
    assert (flights.casts, flights.max_rejected_ratio, flights.may_be_empty) == (
        "lenient",
        0.5,
        False,
    )


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("flight.number", ("flight", "number")),
        ("flightNumber", ("flightNumber",)),
        ("[flight.number]", ("flight.number",)),
        ("[flight, 'no.']", ("flight", "no.")),
        ("number", ()),
    ],
)
def test_sources(tmp_path: Path, written: str, held: tuple[str, ...]) -> None:
    rules = loaded(tmp_path, YAML.replace("source: flight.number", f"source: {written}"))
    column = rules.datasets["flights"].column("number")
    assert (column.source, column.path) == (held, held or ("number",))


def test_a_reference_may_keep_what_is_unknown_also_to_itself(tmp_path: Path) -> None:
    yaml = YAML.replace(
        "    primary_key: carrier\n",
        "    primary_key: carrier\n    references: {title: {dataset: airlines, unknown: keep}}\n",
    )
    assert loaded(tmp_path, yaml).datasets["airlines"].references == {
        "title": Reference("airlines", "keep")
    }


@pytest.mark.parametrize(
    ("kind", "written", "held"),
    [
        ("string", '""', ""),
        ("bigint", "9223372036854775807", 9223372036854775807),
        ("boolean", "false", False),
        ('"decimal(12,2)"', "0.10", "0.1"),
        ('"decimal(12,2)"', '"0.10"', "0.10"),
        ("timestamp", "2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z"),
        ("date", "2026-01-31", "2026-01-31"),
        ("json", "'{\"a\": 1}'", '{"a": 1}'),
    ],
)
def test_a_default_is_of_its_type(tmp_path: Path, kind: str, written: str, held: object) -> None:
    yaml = YAML.replace("type: double, default: 0", f"type: {kind}, default: {written}")
    assert loaded(tmp_path, yaml).datasets["flights"].column("delay").default == held


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("string", "1"),
        ("bigint", "9223372036854775808"),
        ("int", "1.0"),
        ("int", "true"),
        ("boolean", '"false"'),
        ('"decimal(4,2)"', "100"),
        ('"decimal(4,2)"', "0.125"),
        ('"decimal(4,2)"', ".nan"),
        ("timestamp", "2026-02-30T00:00:00Z"),
        ("date", "2026-02-30"),
        ("json", "'{'"),
    ],
)
def test_a_default_of_another_type_is_refused(tmp_path: Path, kind: str, written: str) -> None:
    yaml = YAML.replace("type: double, default: 0", f"type: {kind}, default: {written}")
    with pytest.raises(contract.ContractError, match=r":18: .*delay\.default: .* is not "):
        loaded(tmp_path, yaml)


def test_what_a_table_reads_is_found_through_views_tables_and_checks(tmp_path: Path) -> None:
    yaml = YAML + (
        "  best:\n    grain: carrier\n    checks:\n"
        "      a: {found: count(*), expected: select count(*) from stg_airlines}\n"
        "gate: {required: [flights]}\n"
    )
    rules = loaded(
        tmp_path,
        yaml,
        marts_punctuality="with late as (select * from late) select carrier from late",
        staging_late="select * from later",
        staging_later="select * from stg_flights",
        staging_unused="select 1",
        marts_best="select carrier from punctuality where carrier in (select 'a')",
    )
    tables = rules.gold_tables
    assert {name: table.reads for name, table in tables.items()} == {
        "punctuality": ("flights",),
        "best": ("airlines", "flights"),
    }
    assert (tables["punctuality"].needs, tables["best"].needs) == (("late",), ("punctuality",))
    assert list(rules.staging) == ["later", "late"]
    assert rules.gate.required == ("flights",)


def test_a_run_reads_what_is_referred_to(tmp_path: Path) -> None:
    rules = loaded(tmp_path)
    assert rules.read == ("airlines", "flights")
    assert rules.makes_revisions("airlines")


def first_version(folder: Path) -> Path:
    """The demo's contract as version 1 had it."""
    data = yaml.safe_load(PIPELINE.read_text())
    del data["sql"], data["sample_data"]
    data["version"] = 1
    data["keys"] = {"batch_pattern": "[a-z0-9][a-z0-9-]{0,63}", "part_pattern": "[0-9]{4}"}
    data["gold_tables"] = {"user_activity": data["gold_tables"]["user_activity"]}
    data["gold_tables"]["user_activity"] |= {
        "reads": ["users", "events", "orders"],
        "partitions": [{"name": "batch_id", "type": "string", "description": "Batch"}],
    }
    path = folder / "config" / "pipeline.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    return path


def test_version_1_loads_with_one_warning(tmp_path: Path, pipeline: Contract) -> None:
    path = first_version(tmp_path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rules = contract.load(path)
    assert [str(one.message) for one in caught] == [
        f"{path} is of version 1, which still loads; write version: 2, sql: ../src/glue_jobs/sql "
        "and sample_data: ../data/sample_data, and leave out keys, and reads and partitions of "
        "gold_tables; stg_<dataset> has the columns of its dataset and no others: write what else "
        "a mart reads of it into the mart, or as a view in sql/staging"
    ]
    assert rules.datasets == pipeline.datasets
    assert rules.read == ("users", "events", "orders")
    assert rules.gold_tables["user_activity"].reads == ("users", "events", "orders")


def test_version_1_passes_over_sql_that_is_generated_by_now_or_came_later(tmp_path: Path) -> None:
    path = first_version(tmp_path)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    sql = tmp_path / "src" / "glue_jobs" / "sql"
    shutil.copytree(ROOT / "src" / "glue_jobs" / "sql", sql)
    (sql / "staging").mkdir(exist_ok=True)
    (sql / "staging" / "stg_users.sql").write_text("select * from lines_users\n")
    with pytest.warns(ContractWarning) as caught:
        rules = contract.load(path)
    assert len(caught) == 1
    assert list(rules.gold_tables) == ["user_activity"]
    assert rules.staging == {}
    assert "from stg_users" in rules.gold_tables["user_activity"].sql


def test_version_2_loads_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        contract.load(PIPELINE)


def test_every_key_of_the_format_is_in_the_model() -> None:
    pairs: list[tuple[type[spec.Section], Any, set[str]]] = [
        (spec.ProjectSpec, Contract, {"sql", "sample_data"}),
        (spec.DatasetSpec, contract.Dataset, set()),
        (spec.ColumnSpec, contract.Column, set()),
        (spec.GoldTableSpec, contract.GoldTable, set()),
        (spec.LimitsSpec, Limits, set()),
        (spec.GateSpec, Gate, set()),
    ]
    for written, held, alone in pairs:
        assert set(written.model_fields) - alone <= {item.name for item in dataclasses.fields(held)}


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(contract.ContractError, match=r"missing\.yaml: cannot be read"):
        contract.load(tmp_path / "missing.yaml")
    with pytest.raises(contract.ContractError, match=r"pipeline\.yaml: cannot be read: no such"):
        contract.load(tmp_path)


@pytest.mark.parametrize(
    ("key", "groups"),
    [
        ("users.json", (None, "users", None)),
        ("2026-11-22/orders.json", ("2026-11-22", "orders", None)),
        ("b/events-0007.json", ("b", "events", "0007")),
        ("Users.json", None),
        ("users.JSON", None),
        ("users-7.json", None),
        ("-b/users.json", None),
        ("a/b/users.json", None),
        ("users.json\n", None),
        ("b" * 65 + "/users.json", None),
    ],
)
def test_key_grammar(pipeline: Contract, key: str, groups: tuple[str | None, ...] | None) -> None:
    match = pipeline.key_pattern.fullmatch(key)
    assert (match.groups()[:3] if match else None) == groups


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2026-11-22T10:00:00Z", True),
        ("2026-11-22T10:00:00", True),
        ("2026-11-22T10:00", True),
        ("2026-11-22T10:00:00.123456+05:30", True),
        ("2026-11-22T10:00:00-0800", True),
        ("2026-11-22", False),
        ("2026-11-22 10:00:00", False),
        ("2026-13-22T10:00:00Z", False),
        ("2026-11-22T24:00:00Z", False),
        ("2026-11-22T10:00:00 Z", False),
        ("1763805600", False),
    ],
)
def test_timestamp_pattern(text: str, valid: bool) -> None:
    assert bool(re.fullmatch(TIMESTAMP_PATTERN, text)) is valid
