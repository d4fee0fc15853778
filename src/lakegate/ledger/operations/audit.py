"""Who asks for what, and why."""

from __future__ import annotations

from datetime import datetime

from lakegate.aws import codec
from lakegate.aws.errors import OperationRefusedError
from lakegate.ledger.records import Audit


def audit(action: str, by: str, reason: str, now: datetime) -> Audit:
    """An audit entry. Raises OperationRefusedError when the name or the reason is left out."""
    if not by.strip() or not reason.strip():
        raise OperationRefusedError(f"{action}: who asks, and why?")
    return Audit(action, by, reason, codec.stamp(now))
