"""A file that has to be converted, from bronze to silver, whole or not at all."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lakegate.contract import Contract
from lakegate.files.convert import silver
from lakegate.files.convert.silver import abort_orphans
from lakegate.files.errors import OutOfTimeError
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Rejected
from tests.fakes.cloud import FAULTS, Fault, ProcessDiedError
from tests.fakes.s3 import FakeS3
from tests.unit.files.conftest import World, make_world
from tests.unit.files.rows_of import line

USER = line("users")
# Three parts and a bit.
PART_BYTES = 2**15
NUMBER = 3 * PART_BYTES // len(USER) + 10
LARGE = b"[" + b",".join([USER.strip()] * NUMBER) + b"]"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts so small that no test has to move megabytes."""
    monkeypatch.setattr(silver, "PART_BYTES", PART_BYTES)
    monkeypatch.setattr(FakeS3, "least_part", PART_BYTES)


def code(world: World, key: str, body: bytes) -> Code:
    verdict = world.process(world.upload(key, body)).verdict
    assert isinstance(verdict, Rejected)
    assert world.silver() == {}
    assert world.cloud.s3.uploads == {}
    return verdict.code


def test_a_large_file_comes_to_silver_in_parts(world: World) -> None:
    ref = world.upload("users.json", LARGE)
    assert world.process(ref).verdict is not None
    ((_, body),) = world.silver().items()
    assert body == USER * NUMBER
    assert world.cloud.s3.uploads == {}
    complete = [c for c in world.cloud.calls if c.request.operation == "CompleteMultipartUpload"]
    assert complete[0].request.headers["if-none-match"] == "*"
    # Again, it is accepted before: nothing is read and nothing is sent.
    world.cloud.calls.clear()
    assert world.process(ref).verdict is None
    assert world.cloud.operations() == ["GetObject"] * 3


def test_the_same_file_twice_is_the_same_object(world: World, contract: Contract) -> None:
    other = make_world(contract)
    for place in (world, other):
        place.process(place.upload("users.json", LARGE))
    ((_, one),) = world.cloud.s3.buckets["silver"].items()
    ((_, two),) = other.cloud.s3.buckets["silver"].items()
    assert one[0].etag == two[0].etag


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_leaves_nothing_half_done(fault: Fault, world: World) -> None:
    """The call is tried again, as the platform does; the end is as if nothing had happened."""
    ref = world.upload("users.json", LARGE)
    restore = world.cloud.snapshot()
    world.process(ref)
    wanted, calls = world.silver(), len(world.cloud.calls)
    for index in range(calls):
        restore()
        world.cloud.hook = lambda call, at=index: fault if call.index == at else None
        try:
            world.process(ref)
        except (Exception, ProcessDiedError):  # noqa: BLE001 - whatever the fault made of it
            assert world.records() == {}
        world.cloud.hook = None
        world.process(ref)
        assert world.silver() == wanted, (index, fault)
        world.cloud.sleep(2 * 3600)
        abort_orphans(world.validator.lake.s3, "silver", world.cloud.now)
        assert world.cloud.s3.uploads == {}, (index, fault)


def test_only_uploads_that_no_call_can_finish_are_taken_back(world: World) -> None:
    s3 = world.validator.lake.s3
    s3.create_multipart_upload(Bucket="silver", Key="a")
    world.cloud.now += timedelta(minutes=59)
    s3.create_multipart_upload(Bucket="silver", Key="b")
    world.cloud.now += timedelta(minutes=2)
    assert abort_orphans(s3, "silver", world.cloud.now) == 1
    assert [upload.key for upload in world.cloud.s3.uploads.values()] == ["b"]


def test_all_uploads_are_taken_back_however_many_pages_list_them(world: World) -> None:
    s3, world.cloud.s3.page = world.validator.lake.s3, 2
    for key in ("b", "a", "b", "c", "a"):
        s3.create_multipart_upload(Bucket="silver", Key=key)
    world.cloud.now += timedelta(hours=2)
    assert abort_orphans(s3, "silver", world.cloud.now) == 5
    assert world.cloud.s3.uploads == {}


def test_a_copy_that_is_there_is_left_alone(world: World) -> None:
    """Another call was faster: its object stays, this one's parts go."""
    ref = world.upload("users.json", LARGE)

    def hook(call: Any) -> None:
        if call.request.operation == "CompleteMultipartUpload":
            world.cloud.hook = None
            world.process(ref)

    world.cloud.hook = hook
    assert isinstance(world.process(ref).verdict, Accepted)
    ((_, versions),) = world.cloud.s3.buckets["silver"].items()
    assert len(versions) == 1
    assert world.cloud.s3.uploads == {}


def test_a_name_that_is_taken_meanwhile_is_refused_before_the_object_appears(world: World) -> None:
    mine, other = world.upload("a/users.json", LARGE), world.upload("a/users.jsonl", USER)

    def hook(call: Any) -> None:
        if call.request.operation == "UploadPart":
            world.cloud.hook = None
            world.process(other)

    world.cloud.hook = hook
    verdict = world.process(mine).verdict
    assert isinstance(verdict, Rejected)
    assert verdict.code is Code.NAME_TAKEN
    assert world.cloud.s3.uploads == {}
    assert len(world.silver()) == 1


def test_a_call_whose_time_is_over_leaves_no_part(world: World) -> None:
    validator = replace(world.validator, spent=lambda: len(world.cloud.calls) > 2)
    with pytest.raises(OutOfTimeError):
        validator.process(world.upload("users.json", LARGE), world.cloud.now)
    assert world.cloud.s3.uploads == {}
    assert world.records() == {}


@pytest.fixture
def small(contract: Contract) -> World:
    limits = replace(contract.limits, max_convert_bytes=10_000, max_line_bytes=2_000)
    return make_world(replace(contract, limits=limits))


def test_what_comes_out_counts_and_not_what_goes_in(small: World) -> None:
    assert code(small, "users.json.gz", gzip.compress(USER * 100)) is Code.TOO_LARGE_TO_CONVERT
    assert code(small, "users.csv", b"user_id\n" + b"1\n" * 900) is Code.TOO_LARGE_TO_CONVERT
    assert code(small, "users.json", b"\xef\xbb\xbf" + USER * 70) is Code.TOO_LARGE_TO_CONVERT
    # A plain size says so before the rest is read.
    small.cloud.calls.clear()
    assert code(small, "users-0001.json", b"[" + b" " * 70_000) is Code.TOO_LARGE_TO_CONVERT
    assert small.cloud.operations().count("GetObject") == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_is_nothing_that_comes_out(encoding: str, small: World) -> None:
    text = USER.decode().ljust(10_000, "\n")
    over = f"{text}\n".encode(encoding)
    assert code(small, "users-0001.json", over) is Code.TOO_LARGE_TO_CONVERT
    verdict = small.process(small.upload("users.json", text.encode(encoding))).verdict
    assert isinstance(verdict, Accepted)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (gzip.compress(gzip.compress(USER)), Code.COMPRESSED_TWICE),
        (gzip.compress(b"") * 2**17, Code.TOO_MANY_MEMBERS),
        (b"[" * 5000, Code.TOO_DEEP),
        (b'{"a":' * 5000, Code.LINE_TOO_LONG),
        (b'[{"a":"' + b"x" * 5000, Code.LINE_TOO_LONG),
        (b"user_id,city\n" + b'1,"' + b"x\n" * 2000, Code.UNCLOSED_QUOTE),
        (b",".join(b"c%d" % n for n in range(3000)) + b"\n", Code.TOO_MANY_COLUMNS),
    ],
)
def test_strangers_are_refused_each_for_its_reason(
    body: bytes, expected: Code, contract: Contract
) -> None:
    limits = replace(contract.limits, max_line_bytes=4000)
    columns = 50_000 if expected is Code.TOO_MANY_COLUMNS else 4000
    world = make_world(replace(contract, limits=replace(limits, max_line_bytes=columns)))
    assert code(world, "users.json", body) is expected


def test_trouble_on_the_way_is_no_verdict(world: World) -> None:
    ref = world.upload("users.json", LARGE)
    world.cloud.hook = lambda call: "denied" if call.request.operation == "UploadPart" else None
    with pytest.raises(ClientError):
        world.process(ref)
    assert world.records() == {}
    assert world.cloud.s3.uploads == {}


def test_a_version_that_vanishes_on_the_way_is_a_verdict(world: World) -> None:
    ref = world.upload("users.json", b"[" + b",".join([USER.strip()] * 8000) + b"]")

    def hook(call: Any) -> None:
        if len(world.cloud.calls) == 3:
            world.cloud.s3.buckets["bronze"]["users.json"].clear()

    world.cloud.hook = hook
    verdict = world.process(ref).verdict
    assert isinstance(verdict, Rejected)
    assert verdict.code is Code.VANISHED


def test_bad_records_count_in_every_shape_up_to_the_ratio(world: World) -> None:
    good = [USER.strip()] * 199
    for place in (0, 100, 199):
        for bad in (b"null", b'{"user_id":NaN}', b'{"a":1,"a":2}', b'{"user_id":1,}', b"[1]"):
            records = [*good[:place], bad, *good[place:]]
            shapes = {
                "lines": b"\n".join(records),
                "array": b"[" + b",\n".join(records) + b"]",
                "stream": b" ".join(records),
                "wrapped": b'{"users":[' + b",".join(records) + b"]}",
            }
            for name, body in shapes.items():
                ref = world.upload(f"{name}-{place}/users.json", body)
                verdict = world.process(ref).verdict
                assert isinstance(verdict, Accepted), (name, place, bad, verdict)
                assert (verdict.lines, verdict.bad_lines) == (200, 1)


def test_an_empty_dataset_may_be_empty_where_the_contract_says_so(contract: Contract) -> None:
    users = replace(contract.datasets["users"], may_be_empty=True)
    world = make_world(replace(contract, datasets={**contract.datasets, "users": users}))
    header = json.dumps(list(contract.datasets))[1:-1].encode()
    for number, body in enumerate((b"", b"[]", b"\n \n", b"user_id,city\n", gzip.compress(b""))):
        outcome = world.process(world.upload(f"b{number}/users.json", body))
        assert outcome.verdict == Accepted(0), (body, outcome.verdict, header)
        assert outcome.index is not None
    assert {body.strip() for body in world.silver().values()} == {b""}
