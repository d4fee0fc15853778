"""AWS clients whose time-outs and retries the ledger's promises rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import boto3
import botocore
from botocore.config import Config

from lakegate.aws.errors import LedgerError

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client


# The first that sends If-Match with PutObject (2024-11-25).
OLDEST_BOTOCORE = (1, 35, 69)


def require_conditional_writes(version: str = botocore.__version__) -> None:
    """Raises LedgerError when the SDK of this process cannot keep the ledger's promises."""
    found = tuple(int(part) for part in version.split(".")[:3] if part.isdigit())
    if found < OLDEST_BOTOCORE:
        oldest = ".".join(map(str, OLDEST_BOTOCORE))
        raise LedgerError(
            f"botocore {version} is too old for conditional writes: {oldest} or newer is needed "
            "(Lambda python3.13 and Glue 5.1 have one, Glue 5.0 has not)"
        )


def s3() -> S3Client:
    """S3 with bounded waits; its retries are safe because every ledger write is conditional."""
    made: S3Client = _client("s3", tries=3)
    return made


def glue() -> GlueClient:
    """Glue for everything that may be asked twice."""
    made: GlueClient = _client("glue", tries=3)
    return made


def starter(service: Literal["glue", "lambda"]) -> Any:
    """A client without retries: a start has no token, so a retry could start twice."""
    return _client(service, tries=1)


def _client(service: str, tries: int) -> Any:
    require_conditional_writes()
    make: Any = boto3.client
    return make(
        service,
        config=Config(
            connect_timeout=3,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": tries},
        ),
    )
