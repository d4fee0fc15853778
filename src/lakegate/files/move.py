"""Everything that the validator asks of S3: pinned reads, server-side copies, rejection records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from lakegate.files.convert.silver import Upload
from lakegate.files.errors import UnreadableError
from lakegate.files.event import ObjectRef
from lakegate.files.reasons import Code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

# What one request asks for, and what is taken from its answer at a time.
RANGE_BYTES = 64 * 2**20
CHUNK_BYTES = 2**18
CONFLICT_TRIES = 4


@dataclass(frozen=True)
class Read:
    """Bytes of a range, the size of the whole version, and when it was written."""

    data: bytes
    size: int
    last_modified: datetime


@dataclass(frozen=True)
class Lake:
    """The three buckets that a file can move between."""

    s3: S3Client
    bronze: str
    silver: str
    quarantine: str

    def __post_init__(self) -> None:
        for operation in ("CopyObject", "CompleteMultipartUpload"):
            self.s3.meta.events.register(
                f"before-call.s3.{operation}", _create_only, unique_id=f"create-only-{operation}"
            )

    def read(self, ref: ObjectRef, start: int, stop: int, *, empty: bool = False) -> Read:
        """Bytes `start` to `stop` (exclusive) of exactly that version. One request.

        `empty`: the version is known to have no bytes, of which S3 gives no range. Raises
        UnreadableError where that is the producer's doing; AWS errors propagate.
        """
        answer = self._get(ref, "" if empty else f"bytes={start}-{stop - 1}")
        data = answer["Body"].read()
        total = answer.get("ContentRange", "").rpartition("/")[2]
        size = int(total) if total.isdigit() else len(data)
        return Read(data, size, answer["LastModified"])

    def chunks(self, ref: ObjectRef, first: bytes, size: int) -> Iterator[bytes]:
        """All bytes of a version whose beginning was read already, a quarter MiB at a time."""
        yield first
        for start in range(len(first), size, RANGE_BYTES):
            stop = min(size, start + RANGE_BYTES)
            body = self._get(ref, f"bytes={start}-{stop - 1}")["Body"]
            while chunk := body.read(CHUNK_BYTES):
                yield chunk

    def standing(self, key: str, most: int) -> tuple[str, bytes] | None:
        """Version and first bytes of what stands in bronze, None where nothing can be read."""
        try:
            answer = self.s3.get_object(Bucket=self.bronze, Key=key)
        except ClientError as error:
            trouble = _verdict_or_trouble(error)
            if isinstance(trouble, UnreadableError):
                return None
            raise trouble from error
        with closing(answer["Body"]) as body:
            return answer["VersionId"], body.read(most)

    def _get(self, ref: ObjectRef, span: str) -> GetObjectOutputTypeDef:
        ranged: Any = {"Range": span} if span else {}
        try:
            return self.s3.get_object(
                Bucket=self.bronze, Key=ref.key, VersionId=ref.version_id, **ranged
            )
        except ClientError as error:
            raise _verdict_or_trouble(error) from error

    def upload(self, key: str) -> Upload:
        """A new object in silver, to be written piece by piece."""
        return Upload(self.s3, self.silver, key)

    def promote(self, ref: ObjectRef, key: str) -> str:
        """Copy that version to silver on the server's side, without the producer's metadata.

        The ETag of the copy, empty if it was there before.

        A copy that is there already is left alone: a running job may be reading it.
        """
        for turn in range(CONFLICT_TRIES):
            try:
                answer = self.s3.copy_object(
                    Bucket=self.silver,
                    Key=key,
                    CopySource={"Bucket": self.bronze, "Key": ref.key, "VersionId": ref.version_id},
                    MetadataDirective="REPLACE",
                    TaggingDirective="REPLACE",
                    ContentType="application/x-ndjson",
                )
            except ClientError as error:
                if _status(error) == 412:
                    return ""
                # Another delivery of the same event is copying: S3 says to ask again.
                if _status(error) != 409 or turn + 1 == CONFLICT_TRIES:
                    raise _verdict_or_trouble(error) from error
            else:
                return answer.get("CopyObjectResult", {}).get("ETag", "").strip('"')
        raise AssertionError("the last turn returns or raises")

    def discard(self, key: str) -> None:
        """Take a copy out of silver again, if it is there."""
        self.s3.delete_object(Bucket=self.silver, Key=key)

    def refuse(self, key: str, document: dict[str, Any]) -> None:
        """Leave a rejection record, once: an earlier record of the same version stays."""
        body = json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"
        for turn in range(CONFLICT_TRIES):
            try:
                self.s3.put_object(
                    Bucket=self.quarantine,
                    Key=key,
                    Body=body,
                    ContentType="application/json",
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if _status(error) == 412:
                    return
                if _status(error) != 409 or turn + 1 == CONFLICT_TRIES:
                    raise
            else:
                return


def _create_only(params: dict[str, Any], **_: Any) -> None:
    """Set the condition on the wire: a Lambda runtime's SDK may be older than its parameter."""
    params["headers"]["If-None-Match"] = "*"


def _verdict_or_trouble(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    message = error.response["Error"].get("Message") or ""
    if code in {"NoSuchKey", "NoSuchVersion", "MethodNotAllowed"}:
        return UnreadableError(Code.VANISHED, "the version is not there any more")
    if code == "InvalidObjectState":
        return UnreadableError(Code.ARCHIVED, "the storage class must be restored before reading")
    if code == "InvalidRange":
        return UnreadableError(Code.EMPTY, "0 bytes")
    if _status(error) == 400 and "server side encryption" in message.lower():
        return UnreadableError(Code.CUSTOMER_KEY, "reading needs a key that only the producer has")
    return error


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
