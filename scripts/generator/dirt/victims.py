"""Good rows to make bad ones from, and what the added lines mean for the counts."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from lakegate.contract import Dataset
from scripts.generator.tables.orders import PAID

Row = dict[str, Any]


@dataclass(frozen=True)
class Victim:
    """A good row to start from; `fresh` numbers it, `chance` selects among variants."""

    name: str
    dataset: Dataset
    line: bytes  # without line end
    users: int
    fresh: int
    chance: int

    def row(self) -> Row:
        """The fields of the row."""
        row: Row = json.loads(self.line)
        return row

    @property
    def latest_by(self) -> str:
        """The column that says which of two rows with one key counts."""
        assert self.dataset.latest_by is not None
        return self.dataset.latest_by

    def renamed(self) -> Row:
        """The row under a primary key that no other row has."""
        row, key = self.row(), self.dataset.primary_key[0]
        row[key] = f"x-{self.fresh:x}" if isinstance(row[key], str) else self.users + 1 + self.fresh
        return row


@dataclass(frozen=True)
class Added:
    """A line (without line end) and what a correct run counts because of it."""

    line: bytes
    rejected: str = ""
    nulled: str = ""
    deduplicated: int = 0
    gold: Counter[str] = field(default_factory=Counter)


def contribution(name: str, row: Row) -> Counter[str]:
    """What one row more adds to the gold columns, sessions aside."""
    if name == "users":
        return Counter(users=1)
    if name == "events":
        return Counter({"event_count": 1, f"{row['event_type']}_count": 1})
    if name != "orders":
        return Counter()
    status, amount = row["status"], row["amount"]
    paid = status in PAID
    return Counter(
        order_count=1,
        paid_order_count=int(paid),
        cancelled_order_count=int(status == "cancelled"),
        refunded_order_count=int(status == "refunded"),
        orders_without_amount=int(amount is None),
        revenue=int(Decimal(str(amount)) * 100) if paid and amount is not None else 0,
    )


def shifted(timestamp: str, seconds: int) -> str:
    moved = datetime.fromisoformat(timestamp) + timedelta(seconds=seconds)
    spec = "milliseconds" if "." in timestamp else "seconds"
    return moved.isoformat(timespec=spec).replace("+00:00", "Z")


def text(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
