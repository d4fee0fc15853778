"""Lambda entry: one attempt at one revision, whose report says what became of it."""

from __future__ import annotations

import logging
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from duckdb_engine.scratch import room
from duckdb_engine.wiring import Wiring, wired
from lakegate.ledger.engines.function import Request
from lakegate.ledger.records import REFUSED
from lakegate.transform.errors import EngineError, JobError
from lakegate.transform.run import TROUBLE, Attempt, cause, run

log = logging.getLogger("duckdb_engine")


class Context(Protocol):
    """What Lambda tells of the call."""

    @property
    def aws_request_id(self) -> str: ...

    @property
    def get_remaining_time_in_millis(self) -> Callable[[], int]: ...


def handler(event: Mapping[str, Any], context: Context) -> dict[str, str]:
    """Run the attempt of the event, unless another call has it; raises what made it fail.

    Data that the run refuses are a verdict, which claim and report tell, and no failed event.
    """
    return work(event, context, wired())


def work(event: Mapping[str, Any], context: Context, wiring: Wiring) -> dict[str, str]:
    """As `handler`, with what it works with given.

    Two calls for one event have the same request id, so that each adds something of its own.
    """
    asked, begun = Request.read(event), time.monotonic()
    run_id = f"{context.aws_request_id}-{uuid.uuid4().hex[:8]}"
    attempt = Attempt(asked.batch, asked.revision, asked.attempt, run_id)
    said = {"batch": asked.batch, "revision": asked.revision, "run_id": run_id}
    with room(Path(tempfile.gettempdir()), run_id) as scratch:
        seconds = context.get_remaining_time_in_millis() / 1000
        engine = wiring.engine(attempt, scratch / "run", seconds)
        try:
            report = run(
                attempt, wiring.project, engine, wiring.buckets, wiring.store, wiring.catalog
            )
        except TROUBLE + engine.trouble as error:
            told = cause(error, engine)
            wiring.metrics.emit({"RunsFailed": 1}, datetime.now(UTC))
            if isinstance(error, JobError) and error.kind == REFUSED:
                log.warning("data refused", extra=said | {"cause": told})
                return said | {"state": "REFUSED"}
            log.error("run failed", extra=said | {"cause": told})  # noqa: TRY400
            if isinstance(error, engine.trouble):  # its own text may quote a row, and is logged
                raise EngineError(told) from None
            raise
    if report is None:
        log.info("another run has this attempt", extra=said)
        return said | {"state": "NOT_MINE"}
    lasted = round(time.monotonic() - begun, 3)
    log.info("run succeeded", extra=said | {"seconds": report.seconds, "lasted": lasted})
    wiring.metrics.emit({"RunSeconds": lasted}, datetime.now(UTC))
    return said | {"state": report.state}
