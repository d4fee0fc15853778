"""Copies that share a file with their source: no write, delete or restart reaches the partner."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.backends.ports import free_port
from local.backends.stack import Stack
from local.places import Places
from local.tools import toolchain

pytestmark = pytest.mark.stack

STEPS = 150
STEPS_TO_A_CHECK = 15
BUCKETS = ("versioned", "plain")
KEYS = ("a.json", "b.json", "folder/a.json")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    places = Places(tmp_path_factory.mktemp("copies"))
    emulator = Stack(places, free_port(), toolchain.find(os.environ))
    emulator.start()
    yield emulator
    emulator.stop()


def client(stack: Stack) -> Any:
    session: Any = boto3.Session("test", "test", region_name="us-east-1")
    return session.client("s3", endpoint_url=stack.url, config=Config(read_timeout=30))


def bodies_on_disk(stack: Stack) -> set[tuple[int, int]]:
    """Inode and number of names of each body's file."""
    files = (path for path in (stack.places.state / "s3").rglob("*") if path.is_file())
    found = (path.stat() for path in files if not path.name.endswith(".meta.json"))
    return {(stat.st_ino, stat.st_nlink) for stat in found}


class Model:
    """What S3 promises: each version's bytes, whatever becomes of the others."""

    def __init__(self, s3: Any, chance: random.Random) -> None:
        self.s3, self.chance = s3, chance
        self.versions: dict[tuple[str, str, str], bytes] = {}
        self.current: dict[tuple[str, str], bytes] = {}

    def step(self) -> None:
        """One random call."""
        actions = (self.put, self.put, self.upload, self.copy, self.copy, self.copy_version)
        self.chance.choice((*actions, self.copy_version, self.delete, self.delete_version))()

    def put(self) -> None:
        where, body = self.place(), self.bytes()
        answer = self.s3.put_object(Bucket=where[0], Key=where[1], Body=body)
        self.written(where, answer, body)

    def upload(self) -> None:
        where, body = self.place(), self.bytes()
        named = {"Bucket": where[0], "Key": where[1]}
        upload = {**named, "UploadId": self.s3.create_multipart_upload(**named)["UploadId"]}
        tag = self.s3.upload_part(**upload, PartNumber=1, Body=body)["ETag"]
        parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
        answer = self.s3.complete_multipart_upload(**upload, MultipartUpload=parts)
        self.written(where, answer, body)

    def copy(self) -> None:
        if self.current:
            source = self.chance.choice(sorted(self.current))
            self.copied(dict(zip(("Bucket", "Key"), source, strict=True)), self.current[source])

    def copy_version(self) -> None:
        if self.versions:
            bucket, key, version = self.chance.choice(sorted(self.versions))
            source = {"Bucket": bucket, "Key": key, "VersionId": version}
            self.copied(source, self.versions[bucket, key, version])

    def copied(self, source: dict[str, str], body: bytes) -> None:
        where = self.place()
        # A copy onto itself is refused unless it changes something.
        changed: Any = {"MetadataDirective": "REPLACE", "Metadata": {"n": uuid.uuid4().hex}}
        answer = self.s3.copy_object(Bucket=where[0], Key=where[1], CopySource=source, **changed)
        self.written(where, answer, body)

    def delete(self) -> None:
        where = self.place()
        self.s3.delete_object(Bucket=where[0], Key=where[1])
        self.current.pop(where, None)

    def delete_version(self) -> None:
        if not self.versions:
            return
        bucket, key, version = self.chance.choice(sorted(self.versions))
        self.s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
        del self.versions[bucket, key, version]
        self.current.pop((bucket, key), None)
        try:
            latest = self.s3.head_object(Bucket=bucket, Key=key)["VersionId"]
        except ClientError:
            return
        self.current[bucket, key] = self.versions[bucket, key, latest]

    def written(self, where: tuple[str, str], answer: Any, body: bytes) -> None:
        self.current[where] = body
        if "VersionId" in answer:
            self.versions[*where, answer["VersionId"]] = body

    def check(self) -> None:
        """Everything reads as it was written."""
        for (bucket, key), body in self.current.items():
            assert self.s3.get_object(Bucket=bucket, Key=key)["Body"].read() == body
        for (bucket, key, version), body in self.versions.items():
            answer = self.s3.get_object(Bucket=bucket, Key=key, VersionId=version)
            assert answer["Body"].read() == body

    def place(self) -> tuple[str, str]:
        return self.chance.choice(BUCKETS), self.chance.choice(KEYS)

    def bytes(self) -> bytes:
        """Few lengths, so that a size does not tell one body from another."""
        return self.chance.randbytes(self.chance.choice((10, 1000)))


def test_partners_of_a_copy_never_reach_each_other(stack: Stack) -> None:
    s3 = client(stack)
    for bucket in BUCKETS:
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    model = Model(s3, random.Random(7))
    for step in range(STEPS):
        model.step()
        if step % STEPS_TO_A_CHECK == 0:
            model.check()
    assert any(names > 1 for _, names in bodies_on_disk(stack))
    stack.stop()
    stack.start()
    model.check()


def test_a_copy_reads_and_writes_no_body(stack: Stack) -> None:
    """Ten copies of 30 MB take as much of the disk as one."""
    s3, body = client(stack), bytes(30_000_000)
    s3.create_bucket(Bucket="large")
    s3.put_object(Bucket="large", Key="source", Body=body)
    before = disk_bytes(stack.places.state / "s3")
    for number in range(10):
        s3.copy_object(Bucket="large", Key=f"copy-{number}", CopySource="large/source")
    assert disk_bytes(stack.places.state / "s3") - before < 1_000_000


def test_a_copy_has_the_checksum_that_it_is_asked_for(stack: Stack) -> None:
    def ask(params: Any, **_: Any) -> None:
        params["headers"]["x-amz-sdk-checksum-algorithm"] = "SHA256"

    s3, body = client(stack), b"body"
    s3.meta.events.register("before-call.s3.CopyObject", ask)
    s3.create_bucket(Bucket="sums")
    s3.put_object(Bucket="sums", Key="source", Body=body)
    s3.copy_object(Bucket="sums", Key="copy", CopySource="sums/source")
    found = s3.head_object(Bucket="sums", Key="copy", ChecksumMode="ENABLED")["ChecksumSHA256"]
    assert base64.b64decode(found) == hashlib.sha256(body).digest()


def disk_bytes(folder: Path) -> int:
    """What the files of a folder take, each counted once, whatever its names."""
    found = (path.stat() for path in folder.rglob("*") if path.is_file())
    return sum({stat.st_ino: stat.st_size for stat in found}.values())
