"""The arguments of a run: full names, none missing, those of Glue itself ignored."""

from __future__ import annotations

import pytest

from glue_jobs.arguments import Arguments, parse
from lakegate.transform.errors import ArgumentError

GIVEN = {
    "CONTROL_BUCKET": "control",
    "SILVER_BUCKET": "silver",
    "GOLD_BUCKET": "gold",
    "QUARANTINE_BUCKET": "quarantine",
    "GLUE_DATABASE": "database",
    "BATCH_ID": "2026-11-22",
    "REVISION": "r1",
    "ATTEMPT": "2",
    "JOB_NAME": "job",
    "JOB_RUN_ID": "jr_1",
}
READ = Arguments(
    "control",
    "silver",
    "gold",
    "quarantine",
    "database",
    "2026-11-22",
    "r1",
    2,
    "job",
    "jr_1",
)


def vector(given: dict[str, str]) -> list[str]:
    return [word for name, value in given.items() for word in (f"--{name}", value)]


def test_names_and_values_may_be_apart_or_joined() -> None:
    assert parse(vector(GIVEN)) == READ
    assert parse([f"--{name}={value}" for name, value in GIVEN.items()]) == READ


def test_what_glue_adds_for_itself_is_ignored() -> None:
    own = ["--JOB_ID", "j_1", "--job-bookmark-option", "job-bookmark-disable", "--enable-metrics"]
    assert parse([*own, *vector(GIVEN), "--extra-py-files", "s3://control/a.zip"]) == READ


@pytest.mark.parametrize("name", GIVEN)
def test_a_missing_one_is_named(name: str) -> None:
    others = {key: value for key, value in GIVEN.items() if key != name}
    empty = {**GIVEN, name: ""}
    for argv in (vector(others), vector(empty), [*vector(others), f"--{name}"]):
        with pytest.raises(ArgumentError, match=f"^missing arguments: --{name}$"):
            parse(argv)


def test_all_missing_ones_are_named_at_once() -> None:
    with pytest.raises(ArgumentError, match=r"--CONTROL_BUCKET, --SILVER_BUCKET.*--JOB_RUN_ID$"):
        parse([])


def test_an_abbreviation_is_not_taken_for_a_name() -> None:
    short = {("BATCH" if name == "BATCH_ID" else name): value for name, value in GIVEN.items()}
    with pytest.raises(ArgumentError, match="--BATCH_ID"):
        parse(vector(short))


@pytest.mark.parametrize("attempt", ["two", "-1", "1.0", "²", " 1"])
def test_an_attempt_that_is_no_number_is_shown(attempt: str) -> None:
    with pytest.raises(ArgumentError, match=f"--ATTEMPT must be a whole number, not '{attempt}'"):
        parse(vector({**GIVEN, "ATTEMPT": attempt}))
