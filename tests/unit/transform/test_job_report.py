"""The report of a run as it is kept: nothing is lost in JSON, stages are timed in any case."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest

from lakegate.transform.checks import Outcome
from lakegate.transform.errors import InputError
from lakegate.transform.report import Report, versions


def report() -> Report:
    return Report("b", "r1", 2, "jr_1", "2026-11-22T00:00:00Z", {"spark": "3.5.6"})


def test_a_run_that_has_not_ended_says_so() -> None:
    document = json.loads(report().to_json())
    assert document["version"] == 2
    assert (document["state"], document["error"], document["published"]) == ("RUNNING", None, None)
    names = ("batch", "revision", "attempt", "run_id")
    assert [document[name] for name in names] == ["b", "r1", 2, "jr_1"]


def test_no_cent_is_lost_and_checks_say_whether_they_hold() -> None:
    result = report()
    result.gold = {"sales": {"rows": 3, "totals": {"sum": Decimal("90071992547409930.01")}}}
    result.checks = [
        Outcome("unique_key", "q", holds=True),
        Outcome("adds_up", "q", holds=False, sample=({"found": "4"},)),
    ]
    document = json.loads(result.to_json())
    assert document["gold"] == {"sales": {"rows": 3, "totals": {"sum": "90071992547409930.01"}}}
    assert [(c["name"], c["holds"], c["sample"]) for c in document["checks"]] == [
        ("unique_key", True, []),
        ("adds_up", False, [{"found": "4"}]),
    ]


def test_a_stage_is_timed_also_when_it_fails() -> None:
    result = report()
    with pytest.raises(InputError), result.stage("read"):
        time.sleep(0.02)
        raise InputError("users: no lines")
    assert 0.02 <= result.seconds["read"] < 5


def test_versions_tell_contracts_and_codes_apart() -> None:
    one, other = versions("spark", "3.5.6", b"{}", "abc"), versions("spark", "4.1.1", b"[]", "def")
    assert one.keys() == {"spark", "python", "contract", "code"}
    assert one["contract"] == "44136fa355b3"  # sha256 of {}
    assert {name for name in one if one[name] != other[name]} == {"spark", "contract", "code"}
