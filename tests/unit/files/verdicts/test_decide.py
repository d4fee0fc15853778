"""Verdicts from windows: what is judged, what is not, and where a fault is said to lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract import Contract
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Rejected, Verdict
from lakegate.files.verdicts import sampled as decide
from lakegate.files.verdicts.sampled import Window
from lakegate.files.verdicts.tally import File
from tests.unit.files.rows_of import line

USER = line("users")


def whole(contract: Contract, data: bytes, dataset: str = "users") -> Verdict:
    return decide.sampled(File(contract, dataset), len(data), [Window(0, data)])


def windows(data: bytes, head: int, tail: int) -> Sequence[Window]:
    return [Window(0, data[:head]), Window(len(data) - tail, data[len(data) - tail :])]


@pytest.mark.parametrize(
    "data",
    [
        USER * 3,
        USER * 2 + USER.rstrip(),
        (USER * 3).replace(b"\n", b"\r\n"),
        b"\n\n" + USER + b"  \t\n\r\n" + USER * 2 + b"\n \n",
        b"\r\n  " + USER * 3,
    ],
)
def test_line_ends_and_blank_lines_are_a_matter_of_taste(data: bytes, contract: Contract) -> None:
    assert whole(contract, data) == Accepted(lines=3)


def test_a_carriage_return_alone_ends_no_line(contract: Contract) -> None:
    assert whole(contract, USER.replace(b", ", b",\r")) == Accepted(lines=1)
    verdict = whole(contract, (USER * 2).replace(b"\n", b"\r"))
    assert isinstance(verdict, Rejected)
    assert verdict.code is Code.SEVERAL_VALUES


@pytest.mark.parametrize(
    ("size", "code"),
    [(0, Code.EMPTY), (1, None), (5 * 2**30, None), (5 * 2**30 + 1, Code.TOO_LARGE)],
)
def test_sizes(size: int, code: Code | None, contract: Contract) -> None:
    verdict = decide.size(size, contract)
    assert (verdict.code if verdict else None) == code


@pytest.mark.parametrize(("size", "code"), [(2 * 2**30, None), (2 * 2**30 + 1, Code.TOO_LARGE)])
def test_what_is_read_whole_is_smaller(size: int, code: Code | None, contract: Contract) -> None:
    verdict = decide.size(size, replace(contract, validation="full"))
    assert (verdict.code if verdict else None) == code
    assert verdict is None or verdict.detail == (
        "2147483649 bytes, at most 2147483648 are allowed with validation: full"
    )


def test_a_share_of_bad_rows_up_to_the_limit_is_the_jobs_business(contract: Contract) -> None:
    bad = line("users", user_id=None)
    assert whole(contract, USER * 99 + bad) == Accepted(100, 1, {"missing_user_id": 1})
    verdict = whole(contract, USER * 98 + bad)
    assert verdict == Rejected(
        Code.MISSING_FIELD,
        "1 of 99 lines: 1 missing_user_id; user_id is there and null; the keys are "
        '"user_id", "full_name", "email", "country", "city", "signed_up_at", "marketing_opt_in"',
        offset=98 * len(USER),
        line=99,
        totals={"missing_user_id": 1},
    )


def test_the_most_frequent_fault_of_rows_gives_the_code(contract: Contract) -> None:
    data = USER + line("users", user_id=None) + line("users", signed_up_at=1) * 2
    verdict = whole(contract, data)
    assert isinstance(verdict, Rejected)
    assert (verdict.code, verdict.line) == (Code.BAD_FIELD, 3)
    assert verdict.totals == {"missing_user_id": 1, "bad_signed_up_at": 2}


def test_lines_cut_by_a_window_are_not_judged(contract: Contract) -> None:
    junk = b"x" * 500
    data = USER * 3 + junk + b"\n" + USER * 4
    head, tail = 3 * len(USER) + 20, 4 * len(USER) + 20
    found = decide.sampled(File(contract, "users"), len(data), windows(data, head, tail))
    assert found == Accepted(lines=7)


def test_windows_that_meet_are_one(contract: Contract) -> None:
    data = USER * 4
    cut = len(USER) + 11
    found = decide.sampled(File(contract, "users"), len(data), windows(data, cut, len(data) - cut))
    assert found == Accepted(lines=4)


def test_faults_in_the_last_window_have_an_offset_and_no_line(contract: Contract) -> None:
    data = USER * 50 + b"nonsense\n" + USER
    found = decide.sampled(
        File(contract, "users"), len(data), windows(data, 5 * len(USER), 3 * len(USER))
    )
    assert isinstance(found, Rejected)
    assert (found.code, found.offset, found.line) == (Code.SYNTAX, 50 * len(USER), None)


def test_the_offset_is_that_of_the_byte_at_fault(contract: Contract) -> None:
    found = whole(contract, USER * 3 + b'{"user_id": 1, nope}\n' + USER)
    assert isinstance(found, Rejected)
    assert (found.code, found.offset, found.line) == (Code.SYNTAX, 3 * len(USER) + 15, 4)
    found = whole(contract, USER * 3 + b'{"user_id": 1, "city": "B')
    assert isinstance(found, Rejected)
    assert (found.code, found.offset, found.line) == (Code.TRUNCATED, 3 * len(USER) + 23, 4)


def test_a_file_that_breaks_off_is_truncated_and_one_that_just_lacks_a_newline_is_not(
    contract: Contract,
) -> None:
    data = USER * 50
    for cut in range(2, len(USER)):
        short = data[:-cut]
        found = decide.sampled(File(contract, "users"), len(short), windows(short, 900, 900))
        assert isinstance(found, Rejected)
        assert found.code is Code.TRUNCATED


def test_an_overlong_line_is_seen_from_either_end(contract: Contract) -> None:
    longest = contract.limits.max_line_bytes + 2
    huge = 20 * 2**20
    head = [Window(0, b'{"a":"' + b"x" * (longest - 6)), Window(huge - 300, b"\n" + USER)]
    found = decide.sampled(File(contract, "users"), huge, head)
    assert isinstance(found, Rejected)
    assert (found.code, found.offset, found.line) == (Code.LINE_TOO_LONG, 0, 1)
    tail = [Window(0, USER), Window(huge - longest, b"x" * (longest - 1) + b"\n")]
    found = decide.sampled(File(contract, "users"), huge, tail)
    assert isinstance(found, Rejected)
    assert (found.code, found.line) == (Code.LINE_TOO_LONG, None)


def test_a_tail_of_nul_bytes_is_named_as_such(contract: Contract) -> None:
    huge, longest = 20 * 2**20, contract.limits.max_line_bytes + 2
    found = decide.sampled(
        File(contract, "users"), huge, [Window(0, USER), Window(huge - longest, b"\0" * longest)]
    )
    assert isinstance(found, Rejected)
    assert (found.code, found.offset) == (Code.NUL_BYTE, huge - longest)


@given(data=st.binary(max_size=300))
def test_arbitrary_bytes_get_a_verdict(data: bytes, contract: Contract) -> None:
    whole(contract, data)


@given(data=st.data())
def test_the_job_may_be_asked_for_a_contract_without_tolerance(
    data: st.DataObject, contract: Contract
) -> None:
    users = replace(contract.datasets["users"], max_rejected_ratio=0.0)
    strict = replace(contract, datasets={**contract.datasets, "users": users})
    rows = data.draw(st.lists(st.sampled_from([USER, line("users", user_id="7")]), min_size=1))
    accepted = isinstance(whole(strict, b"".join(rows)), Accepted)
    assert accepted is all(row == USER for row in rows)
