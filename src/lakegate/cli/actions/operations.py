"""What an operator may order, with who ordered it: the ledger's own operations on this lake."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lakegate.aws import codec, redrive
from lakegate.cli.errors import RefusedError
from lakegate.ledger import operations
from lakegate.ledger.catalog import Catalog
from lakegate.ledger.records import Force

if TYPE_CHECKING:
    from lakegate.aws.redrive import Redriven
    from lakegate.cli.lake import Lake
    from lakegate.ledger.records import Claim, Published

REPLAY_REASON = "replay asked for"


def who(lake: Lake) -> str:
    """The person at the terminal and the identity that AWS knows."""
    return f"{getpass.getuser()} as {lake.identity.get_caller_identity()['Arn']}"


def force(lake: Lake, batch: str, without: Sequence[str], reason: str) -> tuple[str, ...]:
    """Let a batch go on without datasets or files; what is missing even so."""
    for name in without:
        _require_known(lake, name)
    now = datetime.now(UTC)
    audit = operations.audit("force", who(lake), reason, now)
    order = Force(tuple(without), audit.reason, audit.by, codec.stamp(now))
    missing = operations.force(lake.store, batch, lake.contract.gate.required, order)
    wake(lake)
    return missing


def _require_known(lake: Lake, name: str) -> None:
    if lake.contract.key_pattern.fullmatch(f"{name}.json") is None:
        known = ", ".join(lake.contract.datasets)
        raise RefusedError(f"{name!r} is neither a dataset ({known}) nor a file of one")


def replay(lake: Lake, batch: str, reason: str) -> Claim:
    """Run the present revision again, with fresh attempts."""
    gate = lake.contract.gate
    audit = operations.audit("replay", who(lake), reason, datetime.now(UTC))
    claim = operations.replay(lake.store, batch, gate.required, gate.max_attempts, audit)
    wake(lake)
    return claim


def rollback(lake: Lake, batch: str, revision: str | None, reason: str) -> Published:
    """Point readers back to an earlier publication; nothing is run."""
    settings, tables = lake.settings, tuple(lake.contract.gold_tables)
    catalog = Catalog(lake.glue, settings.glue_database, tables, settings.gold_bucket)
    audit = operations.audit("rollback", who(lake), reason, datetime.now(UTC))
    grace = timedelta(hours=lake.contract.gold.grace_hours)
    return operations.rollback(lake.store, catalog, batch, revision, audit, grace)


def redriven(lake: Lake, most: int) -> Redriven:
    """Give the validator its dead letters again."""
    settings = lake.settings
    return redrive.redrive(
        lake.queue,
        lake.functions,
        settings.dead_letter_queue_url,
        settings.validator_function,
        most,
    )


def wake(lake: Lake) -> None:
    """Have the reconciler look now and not in five minutes."""
    lake.functions.invoke(
        FunctionName=lake.settings.reconciler_function,
        InvocationType="Event",
        Payload=json.dumps({"source": "lakegate"}).encode(),
    )
