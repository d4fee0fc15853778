"""What an operator may order, with who ordered it: the ledger's own operations on this lake."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lakegate.aws import codec, redrive
from lakegate.cli.errors import RefusedError
from lakegate.ledger import operations
from lakegate.ledger.catalog import Catalog
from lakegate.ledger.records import Force

if TYPE_CHECKING:
    from lakegate.aws.redrive import Redriven
    from lakegate.cli.lake import Lake
    from lakegate.ledger.operations import Forced, Replayed, RolledBack
    from lakegate.ledger.records import Engine

REPLAY_REASON = "replay asked for"
# What the reconciler is told of: to look.
HINT = {"source": "lakegate"}


def who(lake: Lake) -> str:
    """The person at the terminal and the identity that AWS knows."""
    return f"{getpass.getuser()} as {lake.identity.get_caller_identity()['Arn']}"


def force(lake: Lake, batch: str, without: Sequence[str], reason: str) -> Forced:
    """Let a batch go on without datasets or files; what is missing even so."""
    for name in without:
        _require_known(lake, name)
    now = datetime.now(UTC)
    audit = operations.audit("force", who(lake), reason, now)
    order = Force(tuple(without), audit.reason, audit.by, codec.stamp(now))
    done = operations.force(lake.store, batch, lake.contract.gate.required, order)
    wake(lake)
    return done


def _require_known(lake: Lake, name: str) -> None:
    if lake.contract.key_pattern.fullmatch(f"{name}.json") is None:
        known = ", ".join(lake.contract.datasets)
        raise RefusedError(f"{name!r} is neither a dataset ({known}) nor a file of one")


def replay(
    lake: Lake, batch: str, reason: str, engine: Engine | None = None, of: int | None = None
) -> Replayed:
    """Run the present revision again, with fresh attempts."""
    there: list[Engine] = ["spark"]
    if lake.settings.duckdb_function:
        there.append("duckdb")
    audit = operations.audit("replay", who(lake), reason, datetime.now(UTC))
    done = operations.replay(
        lake.store, batch, lake.contract, audit, engine=engine, engines=there, of=of
    )
    wake(lake)
    return done


def rollback(
    lake: Lake, batch: str, reason: str, to: str | None = None, away_from: str | None = None
) -> RolledBack:
    """Point readers back to an earlier publication; nothing is run."""
    settings, tables = lake.settings, tuple(lake.contract.gold_tables)
    catalog = Catalog(lake.glue, settings.glue_database, tables, settings.gold_bucket)
    audit = operations.audit("rollback", who(lake), reason, datetime.now(UTC))
    grace = timedelta(hours=lake.contract.gold.grace_hours)
    return operations.rollback(lake.store, catalog, batch, audit, grace, to=to, away_from=away_from)


def redriven(lake: Lake, most: int) -> dict[str, Redriven]:
    """Give each function its dead letters again, by the names of the functions.

    What the DuckDB function gave up on is an attempt, which the reconciler carries on.
    """
    settings = lake.settings
    validator, reconciler = settings.validator_function, settings.reconciler_function
    queues: dict[str, tuple[str, dict[str, Any] | None]] = {
        validator: (validator, None),
        reconciler: (reconciler, None),
    }
    if settings.duckdb_function:
        queues[settings.duckdb_function] = (reconciler, HINT)
    return {
        name: redrive.redrive(
            lake.queue, lake.functions, _queue_of(lake, name), function, most, instead
        )
        for name, (function, instead) in queues.items()
    }


def _queue_of(lake: Lake, function: str) -> str:
    if function == lake.settings.validator_function:
        return lake.settings.dead_letter_queue_url
    return lake.queue.get_queue_url(QueueName=f"{function}-dead-letters")["QueueUrl"]


def wake(lake: Lake) -> None:
    """Have the reconciler look now and not in five minutes."""
    lake.functions.invoke(
        FunctionName=lake.settings.reconciler_function,
        InvocationType="Event",
        Payload=json.dumps(HINT).encode(),
    )
