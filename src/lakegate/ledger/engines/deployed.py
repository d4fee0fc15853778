"""The engines of one deployment, as the functions' environment names them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from lakegate.aws import clients
from lakegate.aws.store import Store
from lakegate.ledger.engines.door import Starter
from lakegate.ledger.engines.function import FunctionStarter
from lakegate.ledger.engines.glue import GlueStarter
from lakegate.ledger.records import Engine

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient


def starters(
    store: Store, glue: GlueClient, job: str, function: str, clock: Callable[[], datetime]
) -> dict[Engine, Starter]:
    """Spark always; DuckDB where a function is named. No client of theirs retries a start."""
    found: dict[Engine, Starter] = {
        "spark": GlueStarter(store, clients.starter("glue"), glue, job, clock)
    }
    if function:
        found["duckdb"] = FunctionStarter(store, clients.starter("lambda"), function, clock)
    return found
