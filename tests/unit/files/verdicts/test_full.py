"""Every line, however the stream is cut; quick patterns say yes only where the exact way does."""

from __future__ import annotations

import itertools
import json
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract import Contract
from lakegate.files.lines.judge import Judge
from lakegate.files.lines.proof import pattern
from lakegate.files.lines.proof.skipping import Skipper
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Offence, Rejected, Verdict
from lakegate.files.verdicts import full
from lakegate.files.verdicts.full import Lines
from lakegate.files.verdicts.tally import File
from tests.unit.files.rows_of import GOOD, line

USER = line("users")
SHORT = 40


def streamed(contract: Contract, dataset: str, chunks: Iterable[bytes]) -> Verdict:
    """The verdict on a file of unknown size."""
    return full.streamed(File(contract, dataset), 2**31, chunks)


def cut(data: bytes, step: int) -> Iterator[bytes]:
    for start in range(0, len(data), step):
        yield data[start : start + step]


@pytest.mark.parametrize("step", [1, 7, 64, 10_000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_all_lines_are_judged_and_counted(step: int, end: bytes, contract: Contract) -> None:
    data = (USER * 20).replace(b"\n", end)
    assert streamed(contract, "users", cut(data, step)) == Accepted(lines=20)
    assert streamed(contract, "users", cut(data[: -len(end)], step)) == Accepted(lines=20)


def test_a_refusal_lists_the_first_twenty_lines_and_counts_all(contract: Contract) -> None:
    bad = b'{"user_id":1}\n'
    data = USER * 5 + (bad + USER) * 30 + b"broken\n" + USER
    verdict = streamed(contract, "users", cut(data, 1000))
    assert isinstance(verdict, Rejected)
    at = len(USER) * 5
    assert (verdict.code, verdict.line, verdict.offset) == (Code.MISSING_FIELD, 6, at)
    assert verdict.totals == {"missing_signed_up_at": 30, "syntax": 1}
    assert len(verdict.offences) == 20
    assert verdict.offences[1] == Offence("missing_signed_up_at", 6 * len(USER) + len(bad), 8)


def test_a_fault_in_the_middle_is_found(contract: Contract) -> None:
    wrong = USER.replace(b"London", b"Lon\xe9on")
    data = USER * 3000 + wrong * 61 + USER * 3000
    verdict = streamed(contract, "users", cut(data, 2**16))
    assert isinstance(verdict, Rejected)
    assert (verdict.code, verdict.line) == (Code.NOT_UTF8, 3001)
    data = USER * 3000 + wrong * 60 + USER * 3000
    assert streamed(contract, "users", cut(data, 2**16)) == Accepted(6060, 60, {"not_utf8": 60})


def test_an_overlong_line_is_skipped_in_constant_memory(contract: Contract) -> None:
    def chunks() -> Iterator[bytes]:
        yield USER + b'{"a":"'
        for _ in range(200):
            yield b"x" * 2**20
        yield b'"}\n' + USER + line("users", user_id="7")

    tracemalloc.start()
    verdict = streamed(contract, "users", chunks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(verdict, Rejected)
    assert (verdict.code, verdict.line, verdict.offset) == (Code.LINE_TOO_LONG, 2, len(USER))
    assert verdict.totals == {"line_too_long": 1, "bad_user_id": 1}
    assert verdict.offences[1].line == 4
    assert peak < 20 * 2**20


BLANKS = b" " * 2_200_000


@pytest.mark.parametrize("step", [65_536, 700_000, 1_048_577, 5_000_000])
@pytest.mark.parametrize("start", [b"", USER * 3])
def test_what_stands_behind_a_mebibyte_of_blanks_is_read(
    start: bytes, step: int, contract: Contract
) -> None:
    """A line of blanks alone is nothing, however long; anything behind them is a line too long."""
    good = streamed(contract, "users", cut(start + BLANKS + b"\n" + USER + BLANKS, step))
    assert good == Accepted(lines=1 + len(start) // len(USER))
    for tail in (b"GARBAGE{[\n", b"\x00\xff\n", USER, b'{"user_id":1}'):
        verdict = streamed(contract, "users", cut(start + BLANKS + tail + USER, step))
        assert isinstance(verdict, Rejected)
        assert (verdict.code, verdict.offset) == (Code.LINE_TOO_LONG, len(start))


def test_blank_lines_cost_next_to_nothing(contract: Contract) -> None:
    data = b"\n" * 2**22 + USER + b" \t\r\n" * 2**20
    begun = time.process_time()
    assert streamed(contract, "users", cut(data, 2**20)) == Accepted(lines=1)
    assert time.process_time() - begun < 1.0


def test_the_last_line_may_break_off(contract: Contract) -> None:
    verdict = streamed(contract, "users", [USER * 3, USER[:-9]])
    assert isinstance(verdict, Rejected)
    assert (verdict.code, verdict.line) == (Code.TRUNCATED, 4)


def test_reading_ends_where_no_rest_can_outweigh_what_is_bad(contract: Contract) -> None:
    read = 0

    def chunks() -> Iterator[bytes]:
        nonlocal read
        while read < 2**30:
            read += 2**16
            yield b"{}\n" * 21846

    verdict = full.streamed(File(contract, "users"), 2**27, chunks())
    assert isinstance(verdict, Rejected)
    assert verdict.code is Code.MISSING_FIELD
    assert read < 2**22


@given(data=st.text(alphabet="ab\r\n", max_size=60), step=st.integers(1, 9))
def test_blocks_are_the_file_cut_at_line_ends(data: str, step: int) -> None:
    raw, lines = data.encode(), Lines(SHORT + 100)
    found = [item for piece in cut(raw, step) for item in lines.feed(piece)]
    rest = list(lines.end())
    assert b"".join(block for _, block in (*found, *rest)) == raw
    assert [offset for offset, _ in found] == [
        sum(len(block) for _, block in found[:index]) for index in range(len(found))
    ]
    assert all(block.endswith(b"\n") for _, block in found)
    assert len(rest) == (not raw.endswith(b"\n") and raw != b"")


PLAIN_VALUES = rb"""
0 7 -3 01 1.5 1e5 9223372036854775807 99999999999999999999 true null NaN "" "web" "search" "paid"
"a\n\u00e4" "\ud800" "\q" "x [] [1,2] [1,] {"a":1} "12.5" "2026-02-28T10:00:00Z"
"2026-02-30T10:00:00Z" "2026-02-28T10:00" "2026-06-31T10:00:00+01:00" "0001-01-01T00:00:00"
"""
VALUES = st.sampled_from([*PLAIN_VALUES.split(), b'"a\tb"', b'"\xff"', b'"\xc3\xa9"'])


@st.composite
def nearly_good_lines(draw: st.DrawFn, dataset: str) -> bytes:
    """A line in the usual layout with a few values, fields or spaces changed."""
    fields = [
        (f'"{key}"'.encode(), json.dumps(value).encode()) for key, value in GOOD[dataset].items()
    ]
    for index in draw(st.lists(st.integers(0, len(fields) - 1), max_size=2)):
        fields[index] = (fields[index][0], draw(VALUES))
    change = draw(st.sampled_from(["none", "none", "drop", "double", "swap"]))
    if change == "drop":
        fields.pop(draw(st.integers(0, len(fields) - 1)))
    elif change == "double":
        fields.append(draw(st.sampled_from(fields)))
    elif change == "swap":
        fields.reverse()
    colon = draw(st.sampled_from([b":", b": ", b" : "]))
    comma = draw(st.sampled_from([b",", b", ", b" ,"]))
    end = draw(st.sampled_from([b"}", b"}", b"}", b"} ", b"", b"}}", b",}"]))
    return b"{" + comma.join(key + colon + value for key, value in fields) + end


def is_good(data: bytes, dataset: str, contract: Contract) -> bool:
    return Judge(contract.datasets[dataset], contract.limits).judge(data).reason is None


@given(data=st.data(), dataset=st.sampled_from(sorted(GOOD)))
def test_patterns_only_pass_what_is_good_and_utf8(
    data: st.DataObject, dataset: str, contract: Contract
) -> None:
    skipper = Skipper(contract.datasets[dataset], contract.limits)
    skipper.learn(line(dataset).strip())
    skipper.learn(json.dumps({**dict(reversed(GOOD[dataset].items())), "extra": [1]}).encode())
    block = b"".join(data.draw(nearly_good_lines(dataset)) + b"\n" for _ in range(3))
    passed = block[: skipper.skip(block, 0)]
    try:
        passed.decode()
    except UnicodeDecodeError:
        return
    assert all(is_good(piece, dataset, contract) for piece in passed.splitlines())


@pytest.mark.parametrize("dataset", sorted(GOOD))
def test_patterns_pass_lines_in_the_layout_that_was_learned(
    dataset: str, contract: Contract
) -> None:
    skipper = Skipper(contract.datasets[dataset], contract.limits)
    assert skipper.skip(line(dataset), 0) == 0
    skipper.learn(line(dataset).strip())
    block = line(dataset) * 1000
    assert skipper.skip(block, 0) == len(block)
    assert skipper.skip(block, len(line(dataset)) * 10) == len(block)


def test_patterns_of_one_writer_grow_and_those_of_others_are_kept(contract: Contract) -> None:
    first, second = line("users", more=[]).strip(), line("users", more=[{"a": 1}]).strip()
    third = json.dumps(dict(reversed(GOOD["users"].items()))).encode()
    skipper = Skipper(contract.datasets["users"], contract.limits)
    for known in (first, second, third):
        assert skipper.skip(known + b"\n", 0) == 0
        skipper.learn(known)
    for known in (first, second, third):
        assert skipper.skip(known + b"\n", 0) == len(known) + 1


@pytest.mark.parametrize("year", ["0001", "1900", "2024", "2026", "9999"])
def test_patterns_know_how_long_months_are(year: str, contract: Contract) -> None:
    skipper = Skipper(contract.datasets["users"], contract.limits)
    skipper.learn(line("users", signed_up_at="2026-01-01T00:00:00-14:00").strip())
    for month, day in itertools.product(range(14), range(33)):
        row = line("users", signed_up_at=f"{year}-{month:02d}-{day:02d}T23:59:59-14:00")
        if skipper.skip(row, 0):
            assert is_good(row.strip(), "users", contract), row


def test_a_file_that_ends_with_its_first_good_line_pays_for_no_pattern(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mock.Mock(wraps=pattern)
    monkeypatch.setattr("lakegate.files.lines.proof.skipping.pattern", made)
    assert streamed(contract, "users", [USER]) == Accepted(lines=1)
    assert made.call_count == 0
    assert streamed(contract, "users", [USER * 2]) == Accepted(lines=2)
    assert made.call_count == 1


def test_a_line_over_the_limit_is_left_to_the_exact_way(contract: Contract) -> None:
    limits = replace(contract.limits, max_line_bytes=1000)
    skipper = Skipper(contract.datasets["users"], limits)
    skipper.learn(USER.strip())
    long = line("users", city="x" * 1000)
    assert skipper.skip(USER * 50 + long + USER, 0) == 50 * len(USER)
    assert skipper.skip(long + USER, 0) == 0


@given(data=st.data(), dataset=st.sampled_from(sorted(GOOD)), step=st.integers(1, 2000))
def test_both_ways_give_the_same_verdict(
    data: st.DataObject, dataset: str, step: int, contract: Contract
) -> None:
    drawn = st.lists(st.just(line(dataset).strip()) | nearly_good_lines(dataset), max_size=12)
    ends = st.sampled_from([b"\n", b"\r\n", b"\n\n"])
    text = b"".join(piece + data.draw(ends) for piece in data.draw(drawn))
    quick = streamed(contract, dataset, cut(text, step))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Skipper, "skip", lambda _self, _block, start: start)
        assert streamed(contract, dataset, cut(text, step)) == quick
