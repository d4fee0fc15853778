"""AWS clients whose time-outs and retries the ledger's promises rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client


def s3() -> S3Client:
    """S3 with bounded waits; its retries are safe because every ledger write is conditional."""
    return boto3.client(
        "s3",
        config=Config(
            connect_timeout=3,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )


def glue_starter() -> GlueClient:
    """Glue without retries: StartJobRun has no client token, so a retry could start twice."""
    return boto3.client(
        "glue",
        config=Config(
            connect_timeout=3,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 1},
        ),
    )


def glue() -> GlueClient:
    """Glue for everything that may be asked twice."""
    return boto3.client(
        "glue",
        config=Config(
            connect_timeout=3,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )
