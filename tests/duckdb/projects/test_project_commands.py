"""The commands that work on a project in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from typer.testing import CliRunner

from lakegate.cli.main import app
from lakegate.infer import reading
from lakegate.infer.infer import infer

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def said(*arguments: str) -> tuple[int, str]:
    """Exit code, and what was printed or raised."""
    result = CliRunner().invoke(app, arguments)
    error = getattr(result.exception, "exit_code", 0) if result.exception else 0
    return error or result.exit_code, f"{result.output}{result.exception or ''}"


@pytest.fixture
def flights(tmp_path: Path) -> Path:
    folder = tmp_path / "flights"
    shutil.copytree(EXAMPLES / "flights", folder)
    return folder


@pytest.mark.parametrize("engine", ["spark", "duckdb"])
def test_the_sql_of_an_engine_is_printed_in_the_order_in_which_it_runs(engine: str) -> None:
    code, output = said("sql", str(EXAMPLES / "flights"), "--engine", engine)
    assert code == 0
    heads = [
        line.split(":")[0].removeprefix("-- ") for line in output.splitlines() if "---" in line
    ]
    for before, after in [
        ("odd_keys", "stg_airlines"),
        ("stg_airlines", "stg_flights"),
        ("line_outcomes", "departures"),
        ("departures", "carrier_punctuality"),
        ("carrier_punctuality", "carrier_ranking"),
    ]:
        assert heads.index(before) < heads.index(after)
    trees = [tree for tree in sqlglot.parse(output, dialect=engine) if tree]
    assert len(trees) == len(heads)
    assert all(isinstance(tree, exp.Query) for tree in trees)


@pytest.mark.parametrize("engine", ["spark", "duckdb"])
def test_the_printed_checks_know_the_columns_that_the_sql_gives(engine: str) -> None:
    _, output = said("sql", str(EXAMPLES / "flights"), "--engine", engine)
    assert output.count(" as row_hash") == 4
    assert "null as row_hash" not in output


def test_sql_that_one_engine_lacks_is_refused_with_file_and_line(flights: Path) -> None:
    mart = flights / "sql" / "marts" / "wind_and_delay.sql"
    mart.write_text(mart.read_text().replace("avg(departure_delay)", "kurtosis(departure_delay)"))
    code, output = said("sql", str(flights))
    assert code == 2
    assert "sql/marts/wind_and_delay.sql: line 10: kurtosis() is not among the functions" in output
    assert said("test", str(flights)) == (code, output)


def test_a_case_that_fails_ends_with_an_error(flights: Path) -> None:
    case = next((flights / "tests").glob("*/*.yaml"))
    case.write_text(case.read_text().replace("on_time_count: 1", "on_time_count: 2"))
    code, output = said("test", str(flights))
    assert code == 1
    lines = case.read_text().splitlines()
    line = lines.index("    on_time_count: 2") - 2
    assert f"differs   carrier NA: on_time_count is 1, not 2 (line {line})" in output
    case.write_text("expect: [{carier: NA}]")
    code, output = said("test", str(flights))
    assert code == 1
    assert f"{case}:1: expect: there is no column carier; carrier is meant?" in output


def test_a_case_that_cannot_be_read_fails_by_itself_and_the_others_run(flights: Path) -> None:
    holding = sorted((flights / "tests").glob("*/*.yaml"))
    folder = flights / "tests" / "carrier_punctuality"
    wrong = {
        "broken.yaml": ("given:\n  airlines: [\nexpect: []\n", 4, "is not YAML: while parsing"),
        "unknown.yaml": ("expect: []\ngiven:\n  airline: []\n", 3, "given airline: not one of"),
        "word.yaml": ("given:\n  airlines:\n    - {}\n    - 7\nexpect: []\n", 4, "a row is a"),
        "kind.yaml": ("expect:\n  - on_time_count: 1\n  - on_time_count: x\n", 3, "x is no bigint"),
    }
    for name, (text, _, _) in wrong.items():
        (folder / name).write_text(text)
    code, output = said("test", str(flights))
    assert code == 1
    for name, (_, line, told) in wrong.items():
        assert f"{folder / name}:{line}: " in output
        assert told in output
    assert output.count("ok   ") == len(holding)
    assert f"{len(holding)} of {len(holding) + 4} cases hold" in output


def test_a_project_without_cases_says_so(flights: Path) -> None:
    shutil.rmtree(flights / "tests")
    code, output = said("test", str(flights))
    assert (code, output.partition(":")[0]) == (0, "no cases")


def test_a_preview_shows_outcomes_and_first_rows(tmp_path: Path) -> None:
    code, output = said("preview", str(EXAMPLES / "sensors"), "--relation", "site_days")
    assert code == 0
    assert "unknown_device" in output
    assert "readings_per_device" in output
    code, output = said("preview", str(EXAMPLES / "sensors"), "--relation", "site_day")
    assert code == 4
    assert "no relation site_day" in output
    code, output = said("preview", str(EXAMPLES / "sensors"), "--in", str(tmp_path))
    assert code == 2


def test_a_sample_that_is_not_all_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_RECORDS", 3)
    (tmp_path / "things.json").write_text('{"id": 1}\n' * 4)
    (dataset,) = infer([tmp_path])[1]
    assert (dataset.record_count, dataset.whole) == (3, False)
    assert "the first 3 records were seen, more are there" in said("infer", str(tmp_path))[1]
