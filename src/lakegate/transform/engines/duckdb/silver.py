"""Brings silver files onto the local disk as they were accepted, several ranges at a time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.errors import InputError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

RANGE = 32 * 1024 * 1024
BLOCK = 1024 * 1024
QUOTES = '"'
GONE = frozenset({"404", "NoSuchKey", "NoSuchBucket", "NoSuchVersion"})
CHANGED = frozenset({"412", "PreconditionFailed", "416", "InvalidRange"})


class Silver:
    """Reads `s3://` URIs by a client, others as paths."""

    def __init__(self, s3: S3Client | None, pool: ThreadPoolExecutor) -> None:
        self._s3 = s3
        self._pool = pool

    def fetch(self, file: SilverFile, target: Path) -> Path:
        """Puts the file at `target`. Raises InputError if it is not there or not what it was."""
        place = urlsplit(file.uri)
        if place.scheme != "s3":
            if not Path(file.uri).is_file():
                raise InputError(f"{file.uri} is not there")
            target.symlink_to(Path(file.uri).absolute())
            return target
        assert self._s3 is not None
        wanted = {"Bucket": place.netloc, "Key": place.path.removeprefix("/")}
        try:
            self._download(wanted, file, target)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in GONE:
                raise InputError(f"{file.uri} is not there") from error
            if code in CHANGED:
                raise InputError(f"{file.uri} is not what was accepted") from error
            raise
        size = target.stat().st_size
        if file.size and size != file.size:
            raise InputError(f"{file.uri} has {size} bytes, {file.size} were accepted")
        return target

    def _download(self, wanted: dict[str, Any], file: SilverFile, target: Path) -> None:
        # Without a tag, the first answer names the version that the other ranges must be of.
        first = {"IfMatch": f'"{file.etag.strip(QUOTES)}"'} if file.etag else {}
        if file.size > RANGE:
            first["Range"] = f"bytes=0-{RANGE - 1}"
        with target.open("wb") as output:
            etag = self._range(wanted | first, output.fileno(), 0)
            others = [
                self._pool.submit(
                    self._range,
                    wanted | {"Range": f"bytes={start}-{start + RANGE - 1}", "IfMatch": etag},
                    output.fileno(),
                    start,
                )
                for start in range(RANGE, file.size, RANGE)
            ]
            wait(others)  # none writes once the file is closed
            for other in others:
                other.result()

    def _range(self, wanted: dict[str, Any], descriptor: int, start: int) -> str:
        assert self._s3 is not None
        answer = self._s3.get_object(**wanted)
        for block in answer["Body"].iter_chunks(BLOCK):
            start += os.pwrite(descriptor, block, start)
        return answer["ETag"]
