"""AWS clients of the commands, for whatever stands for AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

CONFIG = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 3, "mode": "standard"})


@dataclass(frozen=True)
class Clients:
    """Clients by service; `endpoint` is a Backend's."""

    endpoint: Mapping[str, str]

    def _arguments(self, service: str) -> dict[str, str]:
        given = self.endpoint
        own = f"AWS_ENDPOINT_URL_{service.upper()}"
        return {
            "endpoint_url": given.get(own, given["AWS_ENDPOINT_URL"]),
            "region_name": given["AWS_REGION"],
            "aws_access_key_id": given["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": given["AWS_SECRET_ACCESS_KEY"],
        }

    @cached_property
    def s3(self) -> S3Client:
        return boto3.client("s3", config=CONFIG, **self._arguments("s3"))  # type: ignore[call-overload,no-any-return]

    @cached_property
    def glue(self) -> GlueClient:
        return boto3.client("glue", config=CONFIG, **self._arguments("glue"))  # type: ignore[call-overload,no-any-return]

    @cached_property
    def functions(self) -> LambdaClient:
        return boto3.client("lambda", config=CONFIG, **self._arguments("lambda"))  # type: ignore[call-overload,no-any-return]

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        return boto3.client("logs", config=CONFIG, **self._arguments("logs"))  # type: ignore[call-overload,no-any-return]

    @cached_property
    def sqs(self) -> SQSClient:
        return boto3.client("sqs", config=CONFIG, **self._arguments("sqs"))  # type: ignore[call-overload,no-any-return]
