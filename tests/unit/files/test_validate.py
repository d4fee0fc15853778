"""One version from bronze to its end, with every request counted."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract import Contract, to_json
from lakegate.files.event import ObjectRef
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Rejected
from lakegate.ledger import arrivals
from lakegate.ledger.keys import short_version
from tests.fakes import wire
from tests.fakes.s3 import error
from tests.unit.files.conftest import World, make_world
from tests.unit.files.rows_of import line

USER = line("users")
MANIFEST = {
    "version": 1,
    "files": ["users-0001.json", "users-0002.json", "events.json", "orders.json"],
}


def code(world: World, ref: ObjectRef) -> Code:
    verdict = world.process(ref).verdict
    assert isinstance(verdict, Rejected)
    return verdict.code


def test_an_accepted_version_is_copied_and_recorded(world: World) -> None:
    ref = world.upload("2026-11-22/users-0002.json", USER * 10)
    outcome = world.process(ref)
    assert outcome.verdict == Accepted(lines=10)
    version = short_version(ref.version_id)
    key = f"users/batch_id=2026-11-22/users-0002.{version}.json"
    assert world.silver() == {key: USER * 10}
    assert outcome.index is not None
    arrival = outcome.index.files["users-0002"]
    assert (arrival.key, arrival.version_id, arrival.size, arrival.sequencer) == (
        "2026-11-22/users-0002.json",
        ref.version_id,
        10 * len(USER),
        ref.sequencer,
    )
    assert world.records() == {}


def test_the_copy_is_pinned_plain_and_made_by_the_server(world: World) -> None:
    ref = world.upload("users.json", USER)
    world.process(ref)
    (copy,) = [c.request for c in world.cloud.calls if c.request.operation == "CopyObject"]
    assert copy.headers["x-amz-copy-source"].endswith(f"users.json?versionId={ref.version_id}")
    assert copy.headers["x-amz-metadata-directive"] == "REPLACE"
    assert copy.headers["x-amz-tagging-directive"] == "REPLACE"
    assert copy.headers["content-type"] == "application/x-ndjson"
    assert copy.headers["if-none-match"] == "*"
    assert copy.body == b""
    assert not [name for name in copy.headers if name.startswith("x-amz-meta-")]


@pytest.mark.parametrize(
    ("key", "body", "requests"),
    [
        ("users.json", USER * 100, "GetObject GetObject CopyObject PutObject"),
        ("users.json", USER * 5000, "GetObject GetObject GetObject CopyObject PutObject"),
        ("Users.json", USER, "PutObject"),
        ("users.json", b"", "GetObject PutObject"),
        ("users.json", b"[1]", "GetObject GetObject GetObject PutObject"),
        ("users.json", b"[" + USER + b"]", "GetObject GetObject GetObject PutObject PutObject"),
        ("users.json", b"nonsense\n" * 9, "GetObject GetObject PutObject"),
        ("users.json", USER * 5000 + b"{", "GetObject GetObject GetObject PutObject"),
        ("a/_manifest.json", json.dumps(MANIFEST).encode(), "GetObject GetObject PutObject"),
        ("a/_manifest.json", b"{}", "GetObject GetObject PutObject"),
        ("a/", b"", ""),
    ],
)
def test_requests(key: str, body: bytes, requests: str, world: World) -> None:
    world.process(world.upload(key, body))
    assert world.cloud.operations() == requests.split()


def test_no_more_than_the_windows_is_read(world: World) -> None:
    world.process(world.upload("users.json", USER * 50_000))
    ranges = [c.request.headers.get("range") for c in world.cloud.calls[:2]]
    size = len(USER) * 50_000
    assert ranges == ["bytes=0-65535", f"bytes={size - 65536}-{size - 1}"]


def test_a_version_is_judged_though_a_newer_one_or_a_delete_marker_lies_on_top(
    world: World,
) -> None:
    ref = world.upload("users.json", USER)
    world.upload("users.json", b"[1]")
    world.cloud.s3.delete("bronze", "users.json")
    assert isinstance(world.process(ref).verdict, Accepted)


def test_a_version_that_is_gone_is_a_verdict(world: World) -> None:
    ref = world.upload("users.json", USER)
    world.cloud.s3.buckets["bronze"]["users.json"].clear()
    assert code(world, ref) is Code.VANISHED
    (record,) = world.records().values()
    assert record["source"]["version_id"] == ref.version_id


@pytest.mark.parametrize(("conflicts", "copied"), [(1, True), (3, True), (4, False)])
def test_a_copy_that_meets_another_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, conflicts: int, copied: bool
) -> None:
    """S3 answers 409 to a conditional copy while another of the same key is under way."""
    ref, real, asked = world.upload("b/users.json", USER), world.validator.lake.s3.copy_object, []

    def busy(**words: Any) -> Any:
        asked.append(words)
        if len(asked) <= conflicts:
            answer: Any = {
                "Error": {"Code": "ConditionalRequestConflict"},
                "ResponseMetadata": {"HTTPStatusCode": 409},
            }
            raise ClientError(answer, "CopyObject")
        return real(**words)

    monkeypatch.setattr(world.validator.lake.s3, "copy_object", busy)
    if copied:
        assert isinstance(world.process(ref).verdict, Accepted)
    else:
        with pytest.raises(ClientError, match="ConditionalRequestConflict"):
            world.process(ref)


def test_a_version_that_goes_between_reading_and_copying_is_a_verdict(world: World) -> None:
    ref = world.upload("users.json", USER)

    def hook(call: Any) -> None:
        if call.request.operation == "CopyObject":
            world.cloud.s3.buckets["bronze"]["users.json"].clear()

    world.cloud.hook = hook
    assert code(world, ref) is Code.VANISHED
    assert world.silver() == {}


SSE_C = (
    "The object was stored using a form of Server Side Encryption. "
    "The correct parameters must be provided to retrieve the object."
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((400, "InvalidRequest", SSE_C), Code.CUSTOMER_KEY),
        ((403, "InvalidObjectState", ""), Code.ARCHIVED),
        ((405, "MethodNotAllowed", ""), Code.VANISHED),
        ((404, "NoSuchKey", ""), Code.VANISHED),
        ((416, "InvalidRange", ""), Code.EMPTY),
    ],
)
def test_what_the_producer_did_is_a_verdict(
    answer: tuple[int, str, str], expected: Code, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, error_code, message = answer
    text = f"<Error><Code>{error_code}</Code><Message>{message}</Message></Error>"
    reply, whole = wire.Reply(status, text.encode()), world.cloud.s3._getobject

    def in_bronze(request: wire.Request) -> wire.Reply:
        return reply if request.bucket == "bronze" else whole(request)

    monkeypatch.setattr(world.cloud.s3, "_getobject", in_bronze)
    assert code(world, world.upload("users.json", USER)) is expected


@pytest.mark.parametrize("operation", ["GetObject", "CopyObject", "PutObject"])
@pytest.mark.parametrize(
    ("status", "error_code"),
    [(403, "AccessDenied"), (404, "NoSuchBucket"), (503, "SlowDown"), (400, "InvalidRequest")],
)
def test_trouble_with_aws_is_never_a_verdict(
    operation: str, status: int, error_code: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = world.upload("users.json", USER)
    monkeypatch.setattr(
        world.cloud.s3, f"_{operation.lower()}", lambda _: error(status, error_code)
    )
    with pytest.raises(ClientError):
        world.process(ref)
    assert world.records() == {}


def test_doing_it_again_changes_nothing(world: World) -> None:
    good, bad = world.upload("users.json", USER), world.upload("a/events.json", b"[1]")
    for ref in (good, bad, good, bad):
        world.process(ref)
    for bucket in ("silver", "quarantine"):
        (versions,) = world.cloud.s3.buckets[bucket].values()
        assert len(versions) == 1
    stored = arrivals.load(world.validator.store, "default")
    assert stored is not None
    assert stored.record.generation == 1


@pytest.mark.parametrize("key", ["users.json", "a/users-0001.json", "a/_manifest.json"])
def test_a_version_that_was_accepted_is_not_refused_when_it_is_gone(key: str, world: World) -> None:
    body = json.dumps(MANIFEST).encode() if "manifest" in key else USER
    ref = world.upload(key, body)
    accepted = world.process(ref)
    silver = world.silver()
    world.cloud.s3.buckets["bronze"][key].clear()
    again = world.process(ref)
    assert again.verdict is None
    assert again.index == accepted.index is not None
    assert world.records() == {}
    assert world.silver() == silver


def test_a_version_that_was_accepted_is_not_refused_by_a_later_contract(
    world: World, contract: Contract
) -> None:
    ref = world.upload("users.json", USER)
    world.process(ref)
    limits = replace(contract.limits, max_bytes=1)
    strict = replace(world.validator, contract=replace(contract, limits=limits))
    assert strict.process(ref, world.cloud.now).verdict is None
    assert world.records() == {}


def test_another_version_of_an_accepted_file_is_refused_by_itself(world: World) -> None:
    world.process(world.upload("users.json", USER))
    assert code(world, world.upload("users.json", b"[1]")) is Code.NOT_AN_OBJECT
    assert len(world.records()) == 1


def test_the_record_says_what_to_do_and_nothing_of_the_content(world: World) -> None:
    secret = line("users", email="secret@example.com", user_id="secret")
    ref = world.upload("2026-11-22/users.json", USER + secret)
    world.process(ref)
    ((key, record),) = world.records().items()
    assert key == f"files/2026-11-22/users.{short_version(ref.version_id)}.json"
    assert record == {
        "version": 1,
        "code": "bad_field",
        "meaning": Code.BAD_FIELD.meaning,
        "detail": "1 of 2 lines: 1 bad_user_id; user_id has a string of the form "
        '"aaaaaa", a bigint is asked for',
        "fix": Code.BAD_FIELD.fix,
        "offset": len(USER),
        "line": 2,
        "totals": {"bad_user_id": 1},
        "offences": [],
        "source": {
            "bucket": "bronze",
            "key": "2026-11-22/users.json",
            "version_id": ref.version_id,
            "etag": ref.etag,
            "size": len(USER + secret),
            "sequencer": ref.sequencer,
        },
        "contract_version": 2,
        "contract": hashlib.sha256(to_json(world.validator.contract)).hexdigest()[:12],
        "validation": "sampled",
        "rejected_at": "2026-11-22T12:00:00.000000Z",
    }
    assert "secret" not in json.dumps(record)


@pytest.mark.parametrize("name", ["a/b/published.json", "a/b/c.json", "x" * 1024, "\u2028/\x07"])
def test_a_key_that_names_nothing_never_becomes_part_of_a_key(name: str, world: World) -> None:
    ref = world.upload(name, USER)
    assert code(world, ref) is Code.BAD_NAME
    ((key, record),) = world.records().items()
    folder, batch, stem = key.split("/")
    assert (folder, batch) == ("files", "_unknown")
    assert stem.startswith("key-")
    assert stem.isascii()
    assert record["source"]["key"] == name


def test_a_manifest_is_recorded_by_its_stems(world: World) -> None:
    outcome = world.process(world.upload("a/_manifest.json", json.dumps(MANIFEST).encode()))
    assert outcome.index is not None
    assert outcome.index.manifest is not None
    assert outcome.index.manifest.files == ("users-0001", "users-0002", "events", "orders")
    assert world.silver() == {}


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"version": 1},
        {"version": 2, "files": MANIFEST["files"]},
        {"version": True, "files": MANIFEST["files"]},
        {"version": 1, "files": "users.json"},
        {"version": 1, "files": []},
        {"version": 1, "files": [1]},
        {"version": 1, "files": ["users.json", "events.json", "orders.json", "a/users.json"]},
        {"version": 1, "files": ["users.json", "events.json", "orders.json", "_manifest.json"]},
        {"version": 1, "files": ["users.json", "events.json", "orders.json", "users.json"]},
        {"version": 1, "files": ["users.json", "events.json", "orders.json", "users.csv"]},
        {"version": 1, "files": ["users.json", "events.json"]},
        {
            "version": 1,
            "files": ["users.json", "events.json"] + [f"orders-{n:04d}.json" for n in range(9999)],
        },
    ],
)
def test_bad_manifests(document: Any, world: World) -> None:
    ref = world.upload("a/_manifest.json", json.dumps(document, indent=1).encode())
    assert code(world, ref) is Code.BAD_MANIFEST


def test_a_file_whose_first_and_last_lines_exceed_the_windows_is_read_further(
    world: World,
) -> None:
    long = line("users", city="x" * 100_000)
    body = long + USER * 20_000 + long
    verdict = world.process(world.upload("users.json", body)).verdict
    assert isinstance(verdict, Accepted)
    assert 10_000 < verdict.lines < 20_000
    reach = 2**20 + 2
    assert [c.request.headers["range"] for c in world.cloud.calls[:4]] == [
        "bytes=0-65535",
        f"bytes=65536-{reach - 1}",
        f"bytes={len(body) - 65536}-{len(body) - 1}",
        f"bytes={len(body) - reach}-{len(body) - 65537}",
    ]


def test_a_two_hundred_megabyte_line_costs_little(world: World, contract: Contract) -> None:
    small = replace(contract.limits, window_bytes=64, max_line_bytes=1024)
    world = make_world(replace(contract, limits=small))
    assert code(world, world.upload("users.json", b'{"a":"' + b"x" * 200_000)) is Code.LINE_TOO_LONG
    read = [c.request.headers["range"] for c in world.cloud.calls if "range" in c.request.headers]
    assert read == ["bytes=0-63", "bytes=64-1025", "bytes=199942-200005", "bytes=198980-199941"]


LENGTHS = st.lists(st.integers(0, 260), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def narrow(contract: Contract) -> World:
    limits = replace(contract.limits, window_bytes=300, max_line_bytes=500)
    return make_world(replace(contract, limits=limits))


@given(lengths=LENGTHS, end=st.sampled_from([b"\n", b"\r\n"]), ended=st.booleans())
def test_good_files_of_any_shape_pass_within_the_budget(
    lengths: list[int], end: bytes, ended: bool, narrow: World
) -> None:
    lines = [line("users", city="x" * length).strip() for length in lengths]
    body = end.join(lines) + (end if ended else b"")
    narrow.cloud.calls.clear()
    outcome = narrow.process(narrow.upload("users.json", body))
    assert isinstance(outcome.verdict, Accepted)
    assert narrow.cloud.operations().count("GetObject") <= 5
    assert len(narrow.cloud.calls) <= 7


def test_the_first_accepted_of_two_names_holds(world: World) -> None:
    first = world.upload("a/users.json", USER)
    other = world.upload("a/users.jsonl.gz", USER * 2)
    assert isinstance(world.process(first).verdict, Accepted)
    silver = world.silver()
    verdict = world.process(other).verdict
    assert isinstance(verdict, Rejected)
    assert verdict.code is Code.NAME_TAKEN
    assert "a/users.json was accepted first" in verdict.detail
    assert world.silver() == silver
    ((key, _),) = world.records().items()
    assert key == f"files/a/users.{short_version(other.version_id)}.json"
    # Versions of the first key and other parts go on as ever.
    assert isinstance(world.process(world.upload("a/users.json", USER * 3)).verdict, Accepted)
    assert isinstance(world.process(world.upload("a/users-0001.jsonl", USER)).verdict, Accepted)


def test_a_refused_file_holds_no_name(world: World) -> None:
    assert code(world, world.upload("a/users.json", b"\0")) is Code.NUL_BYTE
    assert isinstance(world.process(world.upload("a/users.jsonl", USER)).verdict, Accepted)
    assert code(world, world.upload("a/users.json", USER)) is Code.NAME_TAKEN


def test_two_names_at_one_time_have_one_winner(world: World) -> None:
    """The other name is accepted between this one's look at the index and its own record."""
    mine, other = world.upload("a/users.json", USER), world.upload("a/users.jsonl", USER * 2)

    def hook(call: Any) -> None:
        if call.request.operation == "CopyObject":
            world.cloud.hook = None
            assert isinstance(world.process(other).verdict, Accepted)

    world.cloud.hook = hook
    assert code(world, mine) is Code.NAME_TAKEN
    stored = arrivals.load(world.validator.store, "a")
    assert stored is not None
    assert stored.record.files["users"].key == "a/users.jsonl"
    assert stored.record.accepted == {"users": (short_version(other.version_id),)}


def test_what_tools_leave_beside_files_costs_no_request(world: World) -> None:
    for key in ("a/_SUCCESS", "a/.users.json.crc", "a/", "a_$folder$", "a/users.json.tmp"):
        assert world.process(world.upload(key, b"x")).verdict is None
    assert world.cloud.operations() == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_manifest_may_be_encoded_as_files_may(encoding: str, world: World) -> None:
    text = json.dumps(MANIFEST, indent=1).replace("\n", "\r\n")
    outcome = world.process(world.upload("a/_manifest.json", text.encode(encoding)))
    assert isinstance(outcome.verdict, Accepted)
    assert outcome.index is not None
    assert outcome.index.manifest is not None


def test_a_manifest_that_is_no_text_is_refused(world: World) -> None:
    ref = world.upload("a/_manifest.json", gzip.compress(json.dumps(MANIFEST).encode())[2:])
    assert code(world, ref) is Code.BAD_MANIFEST
    ref = world.upload("a/_manifest.json", "{}".encode("utf-32"))
    assert code(world, ref) is Code.BAD_MANIFEST
    ref = world.upload("a/_manifest.json", "{}".encode("utf-16")[:-1])
    assert code(world, ref) is Code.BAD_MANIFEST


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Orders.JSON", "; closest valid name: orders.json"),
        ("a/orders-1.csv", "; closest valid name: orders-0001.csv"),
        ("a%2Forders.json", "; closest valid name: orders.json"),
        ("manifest.json", ""),
        (7, ""),
    ],
)
def test_a_manifest_is_told_the_name_that_was_meant(name: Any, meant: str, world: World) -> None:
    document = {"version": 1, "files": ["users.json", "events.json", name]}
    outcome = world.process(world.upload("a/_manifest.json", json.dumps(document).encode()))
    assert isinstance(outcome.verdict, Rejected)
    assert outcome.verdict.detail == f"files[2] is not a valid file name{meant}"


def test_a_manifest_without_a_byte_is_no_manifest(world: World) -> None:
    assert code(world, world.upload("a/_manifest.json", b"")) is Code.BAD_MANIFEST
