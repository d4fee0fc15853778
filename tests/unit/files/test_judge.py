"""What a line is: reasons in order, paths, and that no line whatever costs more than it weighs."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract import load
from lakegate.contract.model import Column, Dataset, Limits
from lakegate.files.lines.judge import Judge, is_blank
from lakegate.files.reasons import Code

ROOT = Path(__file__).parents[3]
LIMITS = Limits()
ORDERS = Dataset(
    (
        Column("order_id", "string", required=True),
        Column("user_id", "bigint", required=True),
        Column("status", "string", required=True, allowed=("paid", "sent")),
        Column("amount", "decimal(12,2)"),
        Column("count", "int", allowed=(1, 2)),
    )
)
GOOD: dict[str, Any] = {"order_id": "o", "user_id": 7, "status": "paid", "amount": 1.5, "count": 1}


def judged(line: bytes, dataset: Dataset = ORDERS, casts: str | None = None) -> Any:
    return Judge(dataset, LIMITS, casts=casts).judge(line)


def row(**changes: Any) -> bytes:
    fields = {key: value for key, value in {**GOOD, **changes}.items() if value is not ...}
    return json.dumps(fields).encode()


def test_a_good_line_has_one_value_per_column() -> None:
    found = judged(row())
    assert found.values == ("o", 7, "paid", Decimal("1.50"), 1)
    assert (found.reason, found.nulled, found.rounded, found.code) == (None, (), (), None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(order_id=None), "missing_order_id"),
        (row(order_id=...), "missing_order_id"),
        (row(order_id=5), "bad_order_id"),
        (row(order_id=5, user_id=None), "bad_order_id"),
        (row(user_id=None, status="lost"), "missing_user_id"),
        (row(status="lost"), "bad_status"),
        (row(status=["paid"]), "bad_status"),
        (b'{"order_id":"o","user_id":NaN}', "malformed"),
        (b'{"user_id":1,"user_id":1}', "malformed"),
    ],
)
def test_the_first_fault_in_the_order_of_columns_is_the_reason(line: bytes, reason: str) -> None:
    found = judged(line)
    assert found.reason == reason
    assert (found.values, found.nulled, found.rounded) == ((), (), ())


def test_wrong_optional_values_become_null_and_are_named() -> None:
    found = judged(row(amount="x", count=3))
    assert found.values == ("o", 7, "paid", None, None)
    assert found.nulled == ("amount", "count")


def test_rounded_values_are_named() -> None:
    found = judged(row(amount=1.005))
    assert (found.values[3], found.rounded) == (Decimal("1.01"), ("amount",))


def test_keys_count_as_spelled() -> None:
    columns = (Column("id", "bigint"), Column("ID".lower() + "_", "bigint", source=("ID",)))
    found = judged(b'{"ID":1,"\\u0069d":2,"Id":3}', Dataset(columns))
    assert found.values == (2, 1)


@pytest.mark.parametrize(
    ("line", "reason", "value"),
    [
        (b'{"actor":{"login":"ada"}}', None, "ada"),
        (b'{"actor":{"login":"bob","login":"ada"}}', None, "ada"),
        (b'{"actor":{}}', "missing_login", None),
        (b'{"actor":{"login":null}}', "missing_login", None),
        (b'{"actor":null}', "missing_login", None),
        (b"{}", "missing_login", None),
        (b'{"login":"ada"}', "missing_login", None),
        (b'{"actor":5}', "bad_login", None),
        (b'{"actor":"ada"}', "bad_login", None),
        (b'{"actor":[{"login":"ada"}]}', "bad_login", None),
        (b'{"actor":false}', "bad_login", None),
        (b'{"actor":{"login":{"login":"ada"}}}', "bad_login", None),
    ],
)
def test_a_path_leads_to_a_value_to_nothing_or_into_another(
    line: bytes, reason: str | None, value: str | None
) -> None:
    path = ("actor", "login")
    found = judged(line, Dataset((Column("login", "string", required=True, source=path),)))
    assert (found.reason, *found.values) == ((reason, value) if reason is None else (reason,))
    optional = judged(line, Dataset((Column("login", "string", source=path),)))
    assert optional.values == (value,)
    assert optional.nulled == (("login",) if (reason or "").startswith("bad") else ())


def test_json_is_kept_as_written_wherever_it_stands() -> None:
    columns = (
        Column("payload", "json", source=("body", "x")),
        Column("body", "json"),
        Column("name", "string", source=("body", "name")),
    )
    line = rb' { "a": "body", "body" : { "x": 1, "name": "n\u0061", "x" : { "v" : 1.10 } } } '
    found = judged(line, Dataset(columns))
    assert found.values[0] == '{"v":1.10}'
    assert found.values[1] == r'{"x":1,"name":"n\u0061","x":{"v":1.10}}'
    assert found.values[2] == "na"


@pytest.mark.parametrize("casts", ["strict", "lenient"])
def test_a_number_counts_only_where_a_column_has_it(casts: str) -> None:
    assert judged(row()[:-1] + b',"x":1e999999999,"y":' + b"9" * 5000 + b"}").reason is None
    assert judged(row(user_id=2**63), casts=casts).reason == "bad_user_id"


def test_bytes_that_are_not_utf8_are_malformed_wherever_they_stand() -> None:
    line = row(x="\u00e9", amount="1.5").replace(b"\\u00e9", b"\xc3\xa9")
    for at in range(len(line) + 1):
        found = judged(line[:at] + b"\xbd" + line[at:])
        assert (found.reason, found.code) == ("malformed", Code.NOT_UTF8), at


def test_a_limit_on_depth_counts_the_outermost_object() -> None:
    deep = b'{"order_id":"o","user_id":7,"status":"paid","x":'
    assert judged(deep + b"[" * 63 + b"]" * 63 + b"}").reason is None
    assert judged(deep + b"[" * 64 + b"]" * 64 + b"}").code is Code.TOO_DEEP
    assert judged(deep + b'"' + b"[" * 500 + b'"}').reason is None


@pytest.mark.parametrize(
    ("line", "blank"),
    [(b"", True), (b" \t\r", True), (b"\x0c", False), (b"\xc2\xa0", False), (b"{}", False)],
)
def test_blank_lines(line: bytes, blank: bool) -> None:
    assert is_blank(line) is blank


AT = b'"2026-01-01T00:00:00Z"'
USER = b'"signed_up_at":' + AT + b"}"
EVENT = b',"user_id":7,"event_type":"search","occurred_at":' + AT + b"}"
ORDER = b',"user_id":7,"ordered_at":' + AT + b',"status":"paid"'


@pytest.mark.parametrize(
    ("dataset", "line", "said"),
    [
        ("users", b'{"user_id":1,"user_id":2,"full_name":1e400,' + USER, "malformed"),
        ("users", b'{"user_id":3,"x":[1],"full_name":1e400,' + USER, "nulled full_name"),
        ("users", b'{"user_id":4,"signed_up_at":"0000-12-31T23:59:59-14:00"}', "good"),
        ("events", b'{"event_id":-1e400' + EVENT, "bad_event_id"),
        ("orders", b'{"order_id":1e400' + ORDER + b"}", "bad_order_id"),
        ("orders", b'{"order_id":"a"' + ORDER + b',"amount":"1\xbd"}', "malformed"),
        (
            "orders",
            b'{"order_id":"a"' + ORDER + b',"amount":1.' + b"0" * 1000 + b"}",
            "nulled amount",
        ),
        ("orders", b'{"order_id":"a"' + ORDER + b',"amount":1.' + b"0" * 900 + b"}", "good"),
        ("orders", b'{"order_id":"a"' + ORDER + b',"amount":1e-999999999}', "nulled amount"),
        ("orders", b'{"order_id":"a"' + ORDER + b',"amount":"1e-999999999"}', "nulled amount"),
        ("orders", b'{"order_id":"a"' + ORDER + b',"amount":"1e-30"}', "rounded amount"),
        ("orders", b'{"order_id":"a"' + ORDER + b',"amount":12.345}', "rounded amount"),
        ("orders", b'{"order_id":"a"' + ORDER + b',"amount":"0e999"}', "good"),
    ],
)
def test_what_an_attack_found_has_one_judgement(dataset: str, line: bytes, said: str) -> None:
    found = judged(line, load(ROOT / "config" / "pipeline.yaml").datasets[dataset])
    parts = [
        found.reason,
        *(f"nulled {name}" for name in found.nulled),
        *(f"rounded {name}" for name in found.rounded),
    ]
    assert ([part for part in parts if part] or ["good"]) == [said]


MOST = LIMITS.max_line_bytes // 8 - 200
HEAVY = {
    "tiny": "1e-999999999",
    "huge": "1e999999999",
    "digits": "9" * MOST,
    "fraction": "0." + "1" * MOST,
    "exponent": "1e" + "9" * MOST,
    "zeroes": "0." + "0" * MOST + "1",
    "blanks": f'"{" " * MOST}"',
    "text": f'"{"x" * MOST}"',
    "digits as text": f'"{"9" * MOST}"',
    "colons": f'"2026-01-01T00:00:00.{"9" * MOST}Z"',
    "escapes": '"' + "\\u0020" * (MOST // 6) + '"',
    "pairs": '"' + "\\ud83d\\ude00" * (MOST // 12) + '"',
    "halves": '"' + "\\ud83d" * (MOST // 6) + '"',
    "backslashes": '"' + "\\" * (MOST // 2 * 2) + '"',
    "deep": "[" * (MOST // 2) + "]" * (MOST // 2),
    "wide": "[" + "[]," * (MOST // 3 - 1) + "[]]",
    "objects": "[" + "{}," * (MOST // 3 - 1) + "{}]",
    "open": "{" * MOST,
    "strings": "[" + '"",' * (MOST // 3 - 1) + '""]',
    "one key": "{" + '"a":1,' * (MOST // 6 - 1) + '"a":1}',
    "white": "[" + " " * MOST + "]",
}
TYPES = ("string", "bigint", "int", "boolean", "double", "decimal(38,10)", "timestamp", "json")


@pytest.mark.parametrize("name", HEAVY)
@pytest.mark.parametrize("casts", ["strict", "lenient"])
def test_nothing_that_one_line_holds_takes_long(name: str, casts: str) -> None:
    columns = tuple(Column(f"c{n}", kind, source=("c",)) for n, kind in enumerate(TYPES))
    judge = Judge(Dataset(columns), LIMITS, casts=casts)
    line = f'{{"c":{HEAVY[name]}}}'.encode()
    begun = time.process_time()
    judge.judge(line)
    # A line of an eighth of a MiB weighs as much as nine hundred usual ones, which take 5 ms.
    assert time.process_time() - begun < (0.5 if len(line) > 10_000 else 0.005)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["c", "a", "b"]), inner, max_size=3)
    ),
    max_leaves=6,
)
WRITTEN = rb'{ } [ ] " : , "c" 1 - e9 .5 null true NaN \ \u d83d "2026-01-01"'
PIECES = st.sampled_from([*WRITTEN.split(), b"\xff", b"\0", b" ", b"\r", b"\xc3\xa9"])


@given(
    line=st.binary(max_size=60)
    | st.lists(PIECES, max_size=20).map(b"".join)
    | st.dictionaries(st.sampled_from(["c", "C"]), JSON).map(lambda d: json.dumps(d).encode()),
    casts=st.sampled_from(["strict", "lenient"]),
)
def test_any_bytes_get_a_verdict(line: bytes, casts: str) -> None:
    columns = [Column(f"c{n}", kind, source=("c",)) for n, kind in enumerate((*TYPES, "date"))]
    columns += [Column("deep", "json", source=("c", "a", "b")), Column("e", "date", epoch="ns")]
    found = Judge(Dataset(tuple(columns)), LIMITS, casts=casts).judge(line)
    assert found.reason in (None, "malformed")
    assert (found.code is None) is (found.reason is None)
    assert len(found.values) == (len(columns) if found.reason is None else 0)
