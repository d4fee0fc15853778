"""What a shell offers when Tab is pressed behind a command."""

from __future__ import annotations

import os
from pathlib import Path

import typer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lakegate.cli import lake as lakes
from lakegate.cli import settings
from lakegate.cli.errors import LakegateError

PREFIX = "batches/"
# Whoever presses Tab waits for the answer.
QUICK = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})


def batches(context: typer.Context, incomplete: str) -> list[str]:
    """Up to a thousand names of batches that begin so; none, in silence, when nothing answers."""
    root = context.parent.params.get("terraform") if context.parent else None
    try:
        where = (
            settings.from_terraform(Path(root)) if root else settings.from_environment(os.environ)
        )
        page = lakes.aws("s3", QUICK).list_objects_v2(
            Bucket=where.control_bucket, Prefix=f"{PREFIX}{incomplete}", Delimiter="/"
        )
    except (LakegateError, BotoCoreError, ClientError):
        return []
    return [item["Prefix"][len(PREFIX) : -1] for item in page.get("CommonPrefixes", ())]
