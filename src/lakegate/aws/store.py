"""Conditional reads and writes of JSON documents in the control bucket."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from lakegate.aws import codec
from lakegate.aws.errors import RecordError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

R = TypeVar("R")

CONFLICT_TRIES = 6
# Seconds: the first pause is a little more than one turn of a compare-and-swap takes.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 4.0
# No answer came, so nobody knows whether the request was carried out.
UNANSWERED = (HTTPClientError, ConnectionError)


@dataclass(frozen=True)
class Stored(Generic[R]):
    """A record and the ETag that a replacement has to name."""

    record: R
    etag: str


class Store:
    """Documents that change only by conditional PUT. AWS errors propagate, AccessDenied too."""

    def __init__(
        self, s3: S3Client, bucket: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.s3 = s3
        self.bucket = bucket
        self.sleep = sleep

    def get(self, key: str) -> tuple[dict[str, Any], str] | None:
        """Document and ETag, or None when there is no such key."""
        try:
            answer = self.s3.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        try:
            document = json.loads(answer["Body"].read())
        except ValueError as error:
            raise RecordError(f"{key}: not JSON") from error
        return document, answer["ETag"]

    def read(self, kind: type[R], key: str) -> Stored[R] | None:
        """The record under a key, or None."""
        found = self.get(key)
        return None if found is None else Stored(codec.decode(kind, found[0]), found[1])

    def create(self, key: str, record: Any) -> bool:
        """Write unless the key exists; True if what stands there now is what was to be written."""
        return self.put(key, record) is not None

    def replace(self, key: str, record: Any, etag: str) -> bool:
        """Write over the version with that ETag only; True as for `create`."""
        return self.put(key, record, etag) is not None

    def put(
        self, key: str, record: Any, etag: str | None = None, *, look_again: bool = True
    ) -> str | None:
        """As `create` or, given an ETag, as `replace`, but with the new ETag; None if it lost.

        Without `look_again` a refused write counts as lost though it may have met itself; this
        spares a request for callers that read the key again and recognise their change.
        """
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        return self._put(key, codec.encode(record), condition, look_again)

    def pause(self, turn: int) -> None:
        """Wait a random while that grows with the turn, so that rivals part."""
        self.sleep(random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**turn)))

    def _put(
        self, key: str, document: dict[str, Any], condition: dict[str, str], look_again: bool
    ) -> str | None:
        body = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
        for turn in range(CONFLICT_TRIES):
            try:
                answer = self.s3.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=body,
                    ContentType="application/json",
                    **condition,  # type: ignore[arg-type]
                )
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if status == 409 and turn + 1 < CONFLICT_TRIES:
                    self.pause(turn)
                    continue
                if status in (412, 404) and error.response["Error"]["Code"] != "NoSuchBucket":
                    return self._stands(key, document) if look_again else None
                if status >= 500 and (etag := self._stands(key, document)):
                    return etag
                raise
            except UNANSWERED:
                if etag := self._stands(key, document):
                    return etag
                raise
            else:
                return answer["ETag"]
        raise AssertionError("unreachable")

    def _stands(self, key: str, document: dict[str, Any]) -> str | None:
        """The ETag of an own write that was applied though its answer was lost.

        A retry of the SDK then meets the own write and gets 412. Equal content means that the
        wanted state stands: records that only one writer may own carry its token.
        """
        found = self.get(key)
        return found[1] if found is not None and found[0] == document else None
