"""Conditional writes: which precondition is on the wire, and what each answer means."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from lakegate.aws.errors import RecordError
from lakegate.aws.store import CONFLICT_TRIES, Store
from lakegate.ledger.records import Force
from tests.fakes.cloud import Call, Cloud, Fault
from tests.fakes.s3 import error
from tests.fakes.wire import Reply, Request

ONE = Force(("users",), "one", "me", "2026-11-22")
TWO = Force(("users",), "two", "me", "2026-11-22")


@pytest.fixture
def cloud() -> Cloud:
    cloud = Cloud()
    cloud.s3.buckets["control"] = {}
    return cloud


@pytest.fixture
def store(cloud: Cloud) -> Store:
    return Store(cloud.client("s3"), "control", sleep=lambda _: None)


def fail(cloud: Cloud, fault: Fault, operation: str = "PutObject") -> None:
    cloud.hook = lambda call: fault if call.request.operation == operation else None


def test_create_sends_if_none_match_and_the_second_writer_loses(cloud: Cloud, store: Store) -> None:
    assert store.create("k", ONE)
    assert not store.create("k", TWO)
    puts = [call.request for call in cloud.calls if call.request.operation == "PutObject"]
    assert [put.headers["if-none-match"] for put in puts] == ["*", "*"]
    assert [put.headers.get("if-match") for put in puts] == [None, None]
    found = store.read(Force, "k")
    assert found is not None
    assert found.record == ONE


def test_replace_sends_if_match_and_loses_against_a_newer_version(
    cloud: Cloud, store: Store
) -> None:
    store.create("k", ONE)
    found = store.read(Force, "k")
    assert found is not None
    assert store.replace("k", TWO, found.etag)
    assert not store.replace("k", Force((), "three", "me", ""), found.etag)
    put = cloud.calls[-2].request
    assert put.headers["if-match"] == found.etag
    assert "if-none-match" not in put.headers


def test_replacing_what_is_not_there_loses(store: Store) -> None:
    assert not store.replace("k", ONE, '"0"')


def test_a_missing_document_is_none(store: Store) -> None:
    assert store.get("k") is None


@pytest.mark.parametrize("fault", ["lost", "5xx-lost"])
def test_an_own_write_with_a_lost_answer_is_recognised(
    cloud: Cloud, store: Store, fault: Fault
) -> None:
    fail(cloud, fault)
    assert store.create("k", ONE)


def test_an_own_write_that_the_sdk_sent_twice_is_recognised(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    cloud.tries = 2
    cloud.hook = lambda call: "5xx-lost" if call.index == 0 else None
    store = Store(cloud.client("s3"), "control", sleep=lambda _: None)
    assert store.create("k", ONE)
    assert cloud.operations() == ["PutObject", "PutObject", "GetObject"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("before", EndpointConnectionError), ("5xx", ClientError), ("denied", ClientError)],
)
def test_a_write_that_was_not_carried_out_is_trouble(
    cloud: Cloud, store: Store, fault: Fault, kind: type[Exception]
) -> None:
    fail(cloud, fault)
    with pytest.raises(kind):
        store.create("k", ONE)


def test_a_foreign_write_behind_a_lost_answer_is_not_taken_for_the_own(
    cloud: Cloud, store: Store
) -> None:
    store.create("k", TWO)
    fail(cloud, "lost")
    with pytest.raises(ReadTimeoutError):
        store.create("k", ONE)


def test_access_denied_is_trouble_and_never_a_missing_document(cloud: Cloud, store: Store) -> None:
    fail(cloud, "denied", "GetObject")
    with pytest.raises(ClientError, match="AccessDenied"):
        store.get("k")


def test_rivals_wait_twice_as_long_each_turn_and_no_longer_than_four_seconds(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    least: set[float] = set()
    waits: list[float] = []

    def longest(low: float, high: float) -> float:
        least.add(low)
        return high

    monkeypatch.setattr("random.uniform", longest)
    store = Store(cloud.client("s3"), "control", sleep=waits.append)
    for turn in range(8):
        store.pause(turn)
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 4.0, 4.0]
    assert least == {0}


@pytest.mark.parametrize(("conflicts", "won"), [(2, True), (CONFLICT_TRIES, False)])
def test_a_conflict_is_tried_again_a_bounded_number_of_times(
    cloud: Cloud, conflicts: int, won: bool
) -> None:
    waits: list[float] = []
    store = Store(cloud.client("s3"), "control", sleep=waits.append)
    handle, left = cloud.s3.handle, [conflicts]

    def conflicting(request: Request) -> Reply:
        if request.operation == "PutObject" and left[0]:
            left[0] -= 1
            return error(409, "ConditionalRequestConflict")
        return handle(request)

    cloud.s3.handle = conflicting  # type: ignore[method-assign]
    if won:
        assert store.create("k", ONE)
    else:
        with pytest.raises(ClientError, match="ConditionalRequestConflict"):
            store.create("k", ONE)
    assert cloud.operations().count("PutObject") == min(conflicts + 1, CONFLICT_TRIES)
    assert len(waits) == cloud.operations().count("PutObject") - 1


def test_a_delete_marker_reopens_a_claim_so_nobody_may_delete(cloud: Cloud, store: Store) -> None:
    store.create("k", ONE)
    cloud.s3.delete("control", "k")
    assert store.create("k", TWO)


@pytest.mark.parametrize("content", [b"", b"nonsense", b'{"version": 2}', b'{"version": 1}'])
def test_an_unreadable_record_is_trouble(cloud: Cloud, store: Store, content: bytes) -> None:
    cloud.s3.put("control", "k", content)
    with pytest.raises(RecordError):
        store.read(Force, "k")


def test_calls_are_seen_before_they_are_carried_out(cloud: Cloud, store: Store) -> None:
    seen: list[Call] = []
    cloud.hook = seen.append
    store.create("k", ONE)
    assert [call.request.operation for call in seen] == ["PutObject"]
