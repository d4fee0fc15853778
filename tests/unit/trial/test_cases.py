"""Cases as people write them: what they say, what is wrong with them, and what differs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lakegate.trial import cases, tokens
from lakegate.trial.differences import differences
from lakegate.trial.errors import CaseError

KINDS = {
    "id": "bigint",
    "name": "string",
    "total": "decimal(12,2)",
    "share": "double",
    "day": "date",
    "at": "timestamp",
    "ok": "boolean",
}
ROW = {
    "id": 1,
    "name": "a",
    "total": Decimal("12.50"),
    "share": 1 / 3,
    "day": date(2026, 1, 31),
    "at": datetime(2026, 1, 31, 10, tzinfo=UTC),
    "ok": True,
}


def written(folder: Path, text: str, table: str = "spent") -> Path:
    path = folder / "tests" / table / "first.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(path: Path) -> cases.Case:
    return cases.load(path, ["users", "orders"], ["spent"])


def told(expect: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    return differences(expect, found, KINDS, ["id"])


def test_numbers_go_in_digit_by_digit_and_dates_as_text(tmp_path: Path) -> None:
    case = load(
        written(
            tmp_path,
            """
            given:
              users:
                - {id: 9007199254740993, amount: 1.50, day: 2026-01-31, on: true, truely: false,
                   none: null}
                - '{"id": broken'
            expect: [{id: 1}]
            """,
        )
    )
    assert case.lines == {
        "users": [
            b'{"id": 9007199254740993, "amount": 1.50, "day": "2026-01-31", "on": true, '
            b'"truely": false, "none": null}',
            b'{"id": broken',
        ]
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "a mapping of keys to values is expected"),
        ("given: {}", "a mapping with given and expect is needed"),
        ("{givn: {}, expect: []}", "key givn: not one of because, given, expect, given is meant?"),
        (
            "{given: {user: []}, expect: []}",
            "given user: not one of users, orders, users is meant?",
        ),
        ("{given: {users: 1}, expect: []}", "a list of rows for each dataset"),
        ("{given: {users: [1]}, expect: []}", "a row is a mapping, or the text of a line"),
        ("{expect: [1]}", "each a mapping"),
        ("{expect: [", "is not YAML"),
        ("{expect: [], <<: 1}", "expected a mapping"),
    ],
)
def test_what_is_no_case_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        load(written(tmp_path, text))
    assert message in str(caught.value)


BOMB = "".join(f"  - {{x: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]}}\n" for n in range(9))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"given:\n users:\n  - {{x: &a0 [1]}}\n{BOMB}expect: []", "more than 100,000 values"),
        ("{given: {users: [{x: &a [*a]}]}, expect: []}", "stands for nothing"),
        (f"{{given: {{users: [{{x: {'[' * 5000}{']' * 5000}}}]}}, expect: []}}", "nested deeper"),
        ("{given: {users: [{x: !!binary aGk=}]}, expect: []}", "binary is not allowed"),
        ("{given: {users: [{x: !!python/name:os.system }]}, expect: []}", "is not allowed"),
        ("{given: {users: [{x: !!timestamp 2026-01-31}]}, expect: []}", "is not allowed"),
        (f"expect: []\nbecause: {'x' * 2**20}", "is larger than"),
        ("expect: [{[a]: 1}]", "a key is a plain word"),
    ],
    ids=["aliases", "circle", "depth", "bytes", "name", "time", "size", "key"],
)
def test_a_case_from_somebody_else_costs_little(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        load(written(tmp_path, text))
    assert message in str(caught.value)


def test_a_case_is_a_file_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("expect: [{password: hunter2}]")
    (tmp_path / "project" / "tests" / "spent").mkdir(parents=True)
    path = tmp_path / "project" / "tests" / "spent" / "first.yaml"
    path.symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(CaseError, match="outside of the project") as caught:
        load(path)
    assert "hunter2" not in cases.placed(path, caught.value)


def test_a_folder_that_is_no_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="folder spend: not one of spent, spent is meant"):
        load(written(tmp_path, "expect: []", "spend"))


def test_a_case_that_lies_elsewhere_is_not_passed_over(tmp_path: Path) -> None:
    paths = [tmp_path / place for place in ("a.yaml", "spent/b.yml", "spent/deep/c.yaml")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text("expect: []")
    (tmp_path / "spent" / "notes.md").write_text("")
    (tmp_path / "spent" / ".b.yaml").write_text("")
    (tmp_path / "spent" / ".ipynb_checkpoints").mkdir()
    (tmp_path / "spent" / ".ipynb_checkpoints" / "a.yaml").write_text("expect: []")
    assert cases.paths(tmp_path) == paths
    with pytest.raises(CaseError, match="folder deep: not one of spent"):
        load(paths[2])


def test_values_are_compared_as_the_column_s_type() -> None:
    row = tokens.load(
        "{id: 1, name: a, total: 12.5, share: 0.33333333333, day: 2026-01-31, "
        "at: '2026-01-31 11:00:00+01:00', ok: true}"
    )
    assert told([row], [ROW]) == []


def test_differences_name_row_column_and_both_values() -> None:
    expect = tokens.load("[{id: 1, total: 12.51, name: a}, {id: 2, total: 1}]")
    assert told(expect, [ROW, ROW | {"id": 3}]) == [
        "differs   id 1: total is 12.50, not 12.51",
        "missing   id 2, total 1.00",
        "too many  id 3, name a, total 12.50, share 0.3333333333333333, day 2026-01-31, "
        "at 2026-01-31 10:00:00+00:00, ok True",
    ]


def test_rows_without_their_key_are_matched_as_a_whole() -> None:
    expect = tokens.load("[{name: a}, {name: b}]")
    assert told(expect, [ROW])[0] == "missing   name b"
    assert told(tokens.load("[{name: a}]"), [ROW, ROW])[0].startswith("too many  id 1")


@pytest.mark.parametrize(
    ("row", "message"),
    [("{nam: a}", "there is no column nam; name is meant?"), ("{id: x}", "id: x is no bigint")],
)
def test_a_case_that_expects_what_cannot_be_is_told(row: str, message: str) -> None:
    with pytest.raises(CaseError, match="expect") as caught:
        told([tokens.load(row)], [ROW])
    assert message in str(caught.value)
