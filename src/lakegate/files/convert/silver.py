"""Writes a converted file to silver: whole or not at all, and the same for the same bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

# The smallest part that S3 takes: a call's memory is this and little more.
PART_BYTES = 5 * 2**20
CONTENT_TYPE = "application/x-ndjson"
# Longer than any call lasts.
ORPHANED_AFTER = timedelta(hours=1)


@dataclass
class Upload:
    """A new object that comes to be with `finish` and leaves nothing behind without it.

    An object that is there already is left alone: a running job may be reading it. The client must
    put that condition on its requests (`lakegate.files.move.Lake` does).
    """

    s3: S3Client
    bucket: str
    key: str
    size: int = 0
    _upload_id: str = ""
    _parts: list[CompletedPartTypeDef] = field(default_factory=list)
    _waiting: bytearray = field(default_factory=bytearray)
    _over: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._over and (error is None or isinstance(error, Exception)):
            self._abort()

    def write(self, data: bytes) -> None:
        """Add bytes to the end."""
        self.size += len(data)
        while data:
            # Exactly a part, so that the same bytes make the same parts.
            room = PART_BYTES - len(self._waiting)
            self._waiting += data[:room]
            data = data[room:]
            if len(self._waiting) == PART_BYTES:
                body, self._waiting = self._waiting, bytearray()
                self._send(body)

    def finish(self) -> str:
        """Let the object appear; its ETag, empty if it was there already."""
        try:
            etag = self._complete(self._waiting) if self._parts else self._put(self._waiting)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 412:
                raise
            self._abort()
            etag = ""
        self._over = True
        return etag.strip('"')

    def _put(self, body: bytearray) -> str:
        answer = self.s3.put_object(
            Bucket=self.bucket,
            Key=self.key,
            Body=_body(body),
            ContentType=CONTENT_TYPE,
            IfNoneMatch="*",
        )
        return answer["ETag"]

    def _send(self, body: bytearray) -> None:
        if not self._upload_id:
            begun = self.s3.create_multipart_upload(
                Bucket=self.bucket, Key=self.key, ContentType=CONTENT_TYPE
            )
            self._upload_id = begun["UploadId"]
        number = len(self._parts) + 1
        sent = self.s3.upload_part(
            Bucket=self.bucket,
            Key=self.key,
            UploadId=self._upload_id,
            PartNumber=number,
            Body=_body(body),
        )
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})

    def _complete(self, rest: bytearray) -> str:
        if rest:
            self._send(rest)
        answer = self.s3.complete_multipart_upload(
            Bucket=self.bucket,
            Key=self.key,
            UploadId=self._upload_id,
            MultipartUpload={"Parts": self._parts},
        )
        return answer["ETag"]

    def _abort(self) -> None:
        """Take back what was sent. What cannot be taken back now is found by `abort_orphans`."""
        self._over = True
        if self._upload_id:
            try:
                self.s3.abort_multipart_upload(
                    Bucket=self.bucket, Key=self.key, UploadId=self._upload_id
                )
            except (ClientError, BotoCoreError):
                return


def _body(part: bytearray) -> bytes:
    """A part as its type is declared; the SDK sends either without a copy."""
    return cast("bytes", part)


def abort_orphans(s3: S3Client, bucket: str, now: datetime) -> int:
    """Take back uploads that no call can finish any more; how many there were."""
    found = 0
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in page.get("Uploads", []):
            if now - upload["Initiated"] > ORPHANED_AFTER:
                s3.abort_multipart_upload(
                    Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                )
                found += 1
    return found
