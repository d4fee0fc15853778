"""The lake as lakegate reaches it: settings, contract and clients."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from lakegate.aws.store import Store

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

    from lakegate.cli.settings import Settings
    from lakegate.contract import Contract

CONFIG = Config(
    connect_timeout=3,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=32,
)
READERS = 16


def aws(service: str, config: Config = CONFIG) -> Any:
    """A client of the environment's account or endpoint."""
    make: Any = boto3.session.Session().client
    return make(service, config=config)


@dataclass(frozen=True)
class Object:
    """One listed object; `size` in bytes."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True)
class Version:
    """One version of an object; `size` in bytes."""

    key: str
    version_id: str
    size: int
    modified: datetime


@dataclass(frozen=True)
class Unread:
    """Something that was skipped, so that all else can be shown."""

    name: str
    why: str


@dataclass(frozen=True)
class Documents:
    """JSON objects by key, and what could not be read as such."""

    found: dict[str, dict[str, Any]]
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class Clients:
    """The services of one account or endpoint; `client` makes the client of a service."""

    client: Callable[[str], Any]

    @cached_property
    def s3(self) -> S3Client:
        return cast("S3Client", self.client("s3"))

    @cached_property
    def glue(self) -> GlueClient:
        return cast("GlueClient", self.client("glue"))

    @cached_property
    def functions(self) -> LambdaClient:
        return cast("LambdaClient", self.client("lambda"))

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        return cast("CloudWatchLogsClient", self.client("logs"))

    @cached_property
    def queue(self) -> SQSClient:
        return cast("SQSClient", self.client("sqs"))

    @cached_property
    def identity(self) -> STSClient:
        return cast("STSClient", self.client("sts"))


@dataclass(frozen=True)
class Lake(Clients):
    """Buckets, functions and job of one deployment. AWS errors pass through as botocore's."""

    settings: Settings
    contract: Contract

    @cached_property
    def store(self) -> Store:
        return Store(self.s3, self.settings.control_bucket)

    def objects(self, bucket: str, prefix: str) -> Iterator[Object]:
        """All objects under a prefix, in the order of their keys."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for item in page.get("Contents", ()):
                yield Object(item["Key"], item["Size"], item["LastModified"])

    def folders(self, bucket: str, prefix: str) -> Iterator[str]:
        """The names one level below a prefix that ends with a slash."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=prefix, Delimiter="/"
        )
        for page in pages:
            for item in page.get("CommonPrefixes", ()):
                yield item["Prefix"][len(prefix) : -1]

    def versions(self, bucket: str, prefix: str, delimiter: str = "") -> Iterator[Version]:
        """All versions of the keys under a prefix, delete markers left out."""
        pages = self.s3.get_paginator("list_object_versions").paginate(
            Bucket=bucket, Prefix=prefix, Delimiter=delimiter
        )
        for page in pages:
            for item in page.get("Versions", ()):
                yield Version(item["Key"], item["VersionId"], item["Size"], item["LastModified"])

    def read(self, bucket: str, key: str) -> bytes | None:
        """The bytes of an object, or None."""
        try:
            return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise

    def documents(self, bucket: str, keys: Iterable[str]) -> Documents:
        """The JSON objects under those keys; what is gone in the meantime is left out."""
        keys = list(keys)
        found: dict[str, dict[str, Any]] = {}
        unread: list[Unread] = []
        with ThreadPoolExecutor(READERS) as pool:
            bodies = pool.map(lambda key: self.read(bucket, key), keys)
            for key, body in zip(keys, bodies, strict=True):
                if body is None:
                    continue
                try:
                    document = json.loads(body)
                except ValueError:
                    document = None
                if isinstance(document, dict):
                    found[key] = document
                else:
                    unread.append(Unread(key, "is not a JSON document"))
        return Documents(found, tuple(unread))
