"""One line at a time: what strict JSON is, and where each fault lies."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract import Contract
from lakegate.files.errors import LineFault
from lakegate.files.lines.parse import Number, parse
from lakegate.files.reasons import Code


def fault(line: bytes, contract: Contract) -> LineFault:
    with pytest.raises(LineFault) as caught:
        parse(line, contract.limits)
    return caught.value


@pytest.mark.parametrize(
    ("line", "row"),
    [
        (b'{"a":1}', {"a": "1"}),
        (b'\t {"a" : [1, {"b": null}]} \r', {"a": ["1", {"b": None}]}),
        (b"{}", {}),
        ('{"ключ":"значение"}'.encode(), {"ключ": "значение"}),
        (b'{"a":"\\ud83d\\ude00 \\u0000 \\\\ud800"}', {"a": "\U0001f600 \0 \\ud800"}),
        (b'{"a":9223372036854775808,"b":[-1e400]}', {"a": str(2**63), "b": ["-1e400"]}),
        (b'{"a":1,"b":{"c":1,"\\u0063":2}}', {"a": "1", "b": {"c": "2"}}),
        (b'{"a":1.10,"b":1e2,"c":-0.0}', {"a": "1.10", "b": "1e2", "c": "-0.0"}),
        (b'{"a":"' + b"[" * 500 + b'"}', {"a": "[" * 500}),
        (b'{"a":1,"A":2}', {"a": "1", "A": "2"}),
        (b"[" * 0 + b'{"a":' + b"[" * 63 + b"]" * 63 + b"}", None),
    ],
)
def test_good_lines(line: bytes, row: Any, contract: Contract) -> None:
    found = parse(line, contract.limits)
    assert row is None or found == row


def test_numbers_keep_their_digits(contract: Contract) -> None:
    found = parse(b'{"a":0.10000000000000000000001}', contract.limits)["a"]
    assert type(found) is Number
    assert found == "0.10000000000000000000001"


@pytest.mark.parametrize(
    ("line", "code", "at"),
    [
        (b'{"a":NaN}', Code.NON_FINITE, 0),
        (b'{"a":1,"b":2,"\\u0061":3}', Code.DUPLICATE_KEY, 0),
        (b'{"a":{"b":"\\ud800","b":1}}', Code.LONE_SURROGATE, 0),
        (b'{"a":"\\ud800"}', Code.LONE_SURROGATE, 0),
        (b'{"\\udfff":1}', Code.LONE_SURROGATE, 0),
        (b'{"a":"\xed\xa0\x80"}', Code.NOT_UTF8, 6),
        (b'{"a":"\xff"}', Code.NOT_UTF8, 6),
        (b'{"a":"\xc3\xa4","b":"\xe4"}', Code.NOT_UTF8, 15),
        (b'{"a":"\x00"}', Code.NUL_BYTE, 6),
        (b'{"a":"\x01"}', Code.SYNTAX, 6),
        ('{"ä":}'.encode(), Code.SYNTAX, 6),
        (b'{"a":01}', Code.SYNTAX, 6),
        (b'{"a":1.}', Code.SYNTAX, 6),
        (b'{"a":+1}', Code.SYNTAX, 5),
        (b'{"a":1}}', Code.SYNTAX, 7),
        (b'{"a":1}x', Code.SYNTAX, 7),
        (b'{"a":1}{"a":2}', Code.SEVERAL_VALUES, 7),
        ('{"ä":1} {"a":2}'.encode(), Code.SEVERAL_VALUES, 8),
        (b"null", Code.NOT_AN_OBJECT, 0),
        (b'"text"', Code.NOT_AN_OBJECT, 0),
        (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", Code.TOO_DEEP, 0),
        (b"[" * 1_000_000, Code.TOO_DEEP, 0),
        (b'{"a":' * 100_000, Code.TOO_DEEP, 0),
        (b'{"a":"' + b"x" * 2**20 + b'"}', Code.LINE_TOO_LONG, 0),
        (b"\x0c{}", Code.SYNTAX, 0),
        ("\u00a0{}".encode(), Code.SYNTAX, 0),
    ],
)
def test_faults(line: bytes, code: Code, at: int, contract: Contract) -> None:
    found = fault(line, contract)
    assert (found.code, found.at) == (code, at)


LINES = [
    b'{"a":true,"b":null,"c":[1,-2.5e+3,"x\\u00e4\\n\\"y\\ud83d\\ude00"],"d":{"e":false}}',
    '{"name":"Zoë 🙂","n":-0.25E-2}'.encode(),
]


@pytest.mark.parametrize("line", LINES)
def test_every_way_to_cut_a_line_off_is_seen_as_such(line: bytes, contract: Contract) -> None:
    whole = [at for at in range(1, len(line)) if not fault(line[:at], contract).cut_off]
    assert whole == []


@pytest.mark.parametrize("line", [b'{"a":1,}', b'{"a" 1}', b"{'a':1}", b'{"a":tru}', b'{"a":\xff}'])
def test_what_is_wrong_before_the_end_is_not_cut_off(line: bytes, contract: Contract) -> None:
    assert not fault(line, contract).cut_off


@given(line=st.binary(max_size=200))
def test_arbitrary_bytes_are_an_object_or_a_fault(line: bytes, contract: Contract) -> None:
    try:
        row = parse(line, contract.limits)
    except LineFault:
        return
    assert row == json.loads(line, parse_float=Number, parse_int=Number)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(
    row=st.dictionaries(TEXT, JSON),
    ascii_only=st.booleans(),
)
def test_whatever_a_json_library_writes_is_good(
    row: dict[str, Any], ascii_only: bool, contract: Contract
) -> None:
    line = json.dumps(row, ensure_ascii=ascii_only).encode()
    assert list(parse(line, contract.limits)) == list(row)


def test_the_depth_limit_is_far_from_the_interpreters(contract: Contract) -> None:
    assert contract.limits.max_depth < sys.getrecursionlimit() / 4
