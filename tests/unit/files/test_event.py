"""Reading notifications: real documents as S3 sends them, and what nobody should trust."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakegate.files.event import ObjectRef, Refusal, parse

EVENTS = Path(__file__).parent / "events"


def document(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text())


def test_a_put_is_read_with_its_version() -> None:
    assert parse(document("put"), "lake-bronze") == [
        ObjectRef(
            key="2026-11-22/users.json",
            version_id="096fKKXTRTtl3on89fVO.nfljtsv6qko",
            size=1024,
            etag="d41d8cd98f00b204e9800998ecf8427e",
            sequencer="0055AED6DCD90281E5",
        )
    ]


def test_an_event_of_eventbridge_is_read_with_its_key_as_it_is() -> None:
    assert parse(document("bridged"), "lake-bronze") == [
        ObjectRef(
            key="2026-11-22/users+%41.json",
            version_id="IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
            size=5,
            etag="b1946ac92492d2347c6235b4d2611184",
            sequencer="00617F08299329D189",
        )
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"detail-type": "Object Deleted"}, "not_a_creation"),
        ({"detail": {"bucket": {"name": "other"}, "object": {}}}, "foreign_bucket"),
        ({"detail": {"bucket": {"name": "lake-bronze"}}}, "malformed_record"),
        (
            {"detail": {"bucket": {"name": "lake-bronze"}, "object": {"key": "a/users.json"}}},
            "unversioned_object",
        ),
    ],
)
def test_what_eventbridge_tells_of_others_is_refused(change: dict[str, Any], reason: str) -> None:
    assert parse({**document("bridged"), **change}, "lake-bronze") == [Refusal(reason)]


def test_every_record_is_read() -> None:
    keys = [getattr(item, "key", None) for item in parse(document("three_records"), "lake-bronze")]
    assert keys == ["a/users.json", "a/events.json", "a/orders.json"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("spaces_and_plus", "red flower+1/café.json"),
        ("percent_twice", "a/%2e%2e/users.json"),
        ("multipart", "2026-11-22/events-0007.json"),
    ],
)
def test_keys_are_decoded_exactly_once(name: str, key: str) -> None:
    (found,) = parse(document(name), "lake-bronze")
    assert isinstance(found, ObjectRef)
    assert found.key == key


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("foreign_bucket", "foreign_bucket"),
        ("major_version_3", "unknown_event_version"),
        ("delete_marker", "not_a_creation"),
        ("key_not_utf8", "malformed_record"),
        ("unversioned", "unversioned_object"),
    ],
)
def test_what_is_not_for_us_is_refused_with_a_word(name: str, reason: str) -> None:
    assert parse(document(name), "lake-bronze") == [Refusal(reason)]


def test_a_later_minor_version_with_unknown_fields_is_read() -> None:
    (found,) = parse(document("minor_version_9"), "lake-bronze")
    assert isinstance(found, ObjectRef)


def test_a_test_event_asks_for_nothing() -> None:
    assert parse(document("test_event"), "lake-bronze") == []


@pytest.mark.parametrize("payload", [{}, None, [], "x", {"Records": None}, {"Records": {"a": 1}}])
def test_anything_else_is_refused_once(payload: Any) -> None:
    assert parse(payload, "lake-bronze") == [Refusal("not_an_event")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=4))
def test_hostile_records_never_raise(records: list[Any]) -> None:
    assert len(parse({"Records": records}, "lake-bronze")) == len(records)


@settings(max_examples=1000)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_key_survives_the_way_through_a_notification(key: str) -> None:
    event = document("put")
    event["Records"][0]["s3"]["object"]["key"] = quote_plus(key, safe="/")
    (found,) = parse(event, "lake-bronze")
    assert isinstance(found, ObjectRef)
    assert found.key == key
