"""What the handler works with, made once per process from its environment and its zip."""

from __future__ import annotations

import functools
import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lakegate.aws import clients
from lakegate.aws.store import Store
from lakegate.contract import from_json
from lakegate.files.move import Lake
from lakegate.files.validate import Validator
from lambda_validator.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

CONTRACT = Path(__file__).parents[1] / "pipeline.json"


# Milliseconds that are left to tell of a call that ends early.
RESERVE_MS = 10_000


def wired_for(context: object) -> tuple[Validator, GlueClient, str]:
    """As `wired`, with a validator that knows how long the call of this context may last."""
    validator, glue, job = wired()
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    if remaining is not None:
        validator = replace(validator, spent=lambda: remaining() < RESERVE_MS)
    return validator, glue, job


@functools.cache
def wired() -> tuple[Validator, GlueClient, str]:
    """The validator, Glue and the name of the job. Raises KeyError naming a missing setting."""
    logging.getLogger("lambda_validator").setLevel(logging.INFO)
    settings, s3 = Settings.read(os.environ), clients.s3()
    lake = Lake(s3, settings.bronze_bucket, settings.silver_bucket, settings.quarantine_bucket)
    store = Store(s3, settings.control_bucket)
    validator = Validator(from_json(CONTRACT.read_bytes()), lake, store)
    return validator, clients.glue_starter(), settings.glue_job
