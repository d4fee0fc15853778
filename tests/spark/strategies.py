"""Dirty batches: lines of users, events and orders with everything that producers get wrong."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.oracle import DEVICES, EVENT_TYPES, PAYMENTS, STATUSES

ABSENT = object()
# Few ids, so that users, events and orders meet and keys repeat.
user_ids = st.sampled_from(["1", "2", "3", "4", "9007199254740993", "-1", "0"])
keys = st.sampled_from(["a", "b", "c", "d", "E", "ü", "", "1", "true"])

texts = st.one_of(
    st.sampled_from(
        ["Ana", "unknown", "", " ", "null", "true", "12", "1e5", "[]", "{}", '"', "\\"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
).map(json.dumps)
unicode_texts = texts.map(lambda token: json.dumps(json.loads(token), ensure_ascii=False))

moments = st.sampled_from(
    [
        '"2026-03-29T00:59:59Z"',
        '"2026-03-29T02:30:00"',
        '"2026-03-29T02:30:00+02:00"',
        '"2026-10-25T02:30:00.123456789+0100"',
        '"2026-10-24T23:59:59.9999999Z"',
        '"2024-02-29T23:30-01"',
        '"2025-01-01T00:30:00+14:59"',
        '"2025-01-01T00:30:00-05:30"',
        '"1883-11-18T12:00:00Z"',
        '"0001-01-01T00:00:00Z"',
        '"9999-12-31T23:59:59.999999Z"',
    ]
)
bad_moments = st.sampled_from(
    [
        '"2025-02-29T00:00:00Z"',
        '"2026-04-31T00:00"',
        '"2026-01-01"',
        '"2026-01-01 00:00:00"',
        '"2026-01-01T24:00:00Z"',
        '"2026-01-01T00:00:00Z\\n"',
        '" 2026-01-01T00:00:00Z"',
        '"0000-01-01T00:00:00Z"',
        '"0001-01-01T00:00:00+01:00"',
        '"9999-12-31T23:59:59-01:00"',
        '"2026-01-01T00:00:00+15:00"',
        '"now"',
        '""',
        "1767225600",
    ]
)
amounts = st.sampled_from(
    [
        "0", "-0", "0.1", "12.34", "12.340000", "9999999999.99", "-12.5", "1e3", "1E-2", "12.5e0",
        '"12.34"', '"+1.10"', '"-0.01"', '"007"', '"1e2"', "12.3400000000000000000000",
        "1234567890.12", '"0.00"', "0e-30",
    ]
)  # fmt: skip
bad_amounts = st.sampled_from(
    [
        "12.345", "10000000000", "1e10", "1e-3", "12.3400000000000000000001", "0.001e-9", '"1,5"',
        '""', '" 1"', '"1 "', '"NaN"', '"Infinity"', '"0x10"', '"1."', '".5"', '"1\\n"', "true",
        "[1]", '{"v": 1}', '"12345678901234567890"', "9999999999.995", "1e400",
    ]
)  # fmt: skip
bools = st.sampled_from(["true", "false"])
whole_numbers = st.sampled_from(["0", "-5", "7", "2147483647", "-2147483648"])
not_whole = st.sampled_from(
    ["1.0", "1e2", '"1"', "true", "[]", "{}", '""', "9223372036854775808", "1.5", '"x"']
)
not_text = st.sampled_from(
    ["5", "-1.5", "true", "false", "[]", '["a"]', "{}", '{"a": "b"}', "1e5", "12345678901234567890"]
)
not_bool = st.sampled_from(['"true"', "0", "1", '""', "[]", "{}", '"false"'])
not_int = st.one_of(not_whole, st.sampled_from(["2147483648", "-2147483649"]))
extras = st.sampled_from(
    ['"x": 1', '"x": {"user_id": 9, "amount": 1.5}', '"x": [1, {"city": "}"}]', '"x": "}{"',
     '"x": null', '"User_id": 3', '"amount ": 2', '"x": 12345678901234567890.5']
)  # fmt: skip

# So that no dataset is empty and none is rejected as a whole.
GOOD = {
    "users": b'{"user_id": 77, "signed_up_at": "2026-01-01T00:00:00Z"}',
    "events": b'{"event_id": "ok", "user_id": 77, "event_type": "search",'
    b' "occurred_at": "2026-01-01T00:00:00Z"}',
    "orders": b'{"order_id": "ok", "user_id": 77, "ordered_at": "2026-01-01T00:00:00Z",'
    b' "status": "paid"}',
}
not_objects = st.sampled_from(
    [
        b"[]", b"[{}]", b"5", b"null", b'"x"', b"{", b"}", b"{}{}", b'{"user_id": 1', b"nonsense",
        b'{"user_id": NaN}', b"{'user_id': 1}", b'{"user_id": 01}', b'{"user_id": 1,}',
        b'{"user_id": 1}}', b'{"user_id": 1} x', b'{"user_id": 1}]', b'{"a": 1} ] [ {"a": 1}',
        b'{"a": 1}, "b": {"a": 1}', b'{"full_name": "a\tb"}', b'{"full_name": "\xff"}',
        b'{"full_name": "\\ud800"}', b'{"full_name": "\\ud83d\\ud83d"}', b'\xef\xbb\xbf{"a": 1}',
        b'{"city": "\xed\xa0\x80"}', b'{"user_id": 1, "user_id": 1}', b'{"x": Infinity}',
        b'{"full_name": "\\x"}', b'// {"user_id": 1}', b'{"user_id": +1}', b'{"user_id": .5}',
    ]
)  # fmt: skip
blanks = st.sampled_from([b"", b" ", b"\t", b"\r", b" \r"])


def field(good: Any, bad: Any) -> st.SearchStrategy[Any]:
    """A JSON token of a column: mostly good, sometimes null, absent or wrong."""
    rare = st.one_of(st.just("null"), st.just(ABSENT), bad)
    return st.integers(0, 11).flatmap(lambda n: rare if n == 0 else good)


def choice(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from([json.dumps(value) for value in values])


OTHER_CHOICE = st.one_of(not_text, st.sampled_from(['"PAID"', '"web "', '""', '"unknown"']))
name = st.one_of(texts, unicode_texts)
TOKENS = {
    "users": {
        "user_id": field(user_ids, not_whole),
        "full_name": field(name, not_text),
        "email": field(name, not_text),
        "country": field(name, not_text),
        "city": field(name, not_text),
        "signed_up_at": field(moments, bad_moments),
        "marketing_opt_in": field(bools, not_bool),
    },
    "events": {
        "event_id": field(keys.map(json.dumps), not_text),
        "user_id": field(user_ids, not_whole),
        "session_id": field(keys.map(json.dumps), not_text),
        "event_type": field(choice(EVENT_TYPES), OTHER_CHOICE),
        "occurred_at": field(moments, bad_moments),
        "device": field(choice(DEVICES), OTHER_CHOICE),
        "product_id": field(whole_numbers, not_whole),
    },
    "orders": {
        "order_id": field(keys.map(json.dumps), not_text),
        "user_id": field(user_ids, not_whole),
        "ordered_at": field(moments, bad_moments),
        "status": field(choice(STATUSES), OTHER_CHOICE),
        "amount": field(st.one_of(amounts, bad_amounts), bad_amounts),
        "item_count": field(whole_numbers, not_int),
        "payment_method": field(choice(PAYMENTS), OTHER_CHOICE),
    },
}


@st.composite
def objects(draw: st.DrawFn, dataset: str) -> bytes:
    """One object: its keys in any order and spacing, sometimes with one that is not ours."""
    tokens = {key: draw(strategy) for key, strategy in TOKENS[dataset].items()}
    pairs = [(key, token) for key, token in tokens.items() if token is not ABSENT]
    colon, comma = draw(st.sampled_from([(":", ","), (": ", ", "), (" : ", " , ")]))
    items = [f'"{key}"{colon}{token}' for key, token in draw(st.permutations(pairs))]
    if draw(st.integers(0, 5)) == 0:
        items.insert(draw(st.integers(0, len(items))), draw(extras))
    end = draw(st.sampled_from(["", "", "", "\r", " "]))
    return ("{" + comma.join(items) + "}" + end).encode()


def lines(dataset: str) -> st.SearchStrategy[list[bytes]]:
    """Lines of a dataset: objects, some of them copied, a few that are no objects, blank lines."""
    one = st.integers(0, 14).flatmap(
        lambda n: not_objects if n == 0 else blanks if n == 1 else objects(dataset)
    )
    return st.lists(one, min_size=1, max_size=30).flatmap(
        lambda found: st.lists(st.sampled_from(found), max_size=4).map(
            # First stands a good line: a byte order mark there is one that the validator refuses
            # and Spark skips.
            lambda again: [GOOD[dataset], *found, *again]
        )
    )


batches = st.fixed_dictionaries({dataset: lines(dataset) for dataset in TOKENS})
