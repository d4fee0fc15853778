"""Counts a data set the slow and plain way, from the rules alone, with nothing of the generator."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]

USERS = ("user_id", "full_name", "email", "country", "city", "signed_up_at", "marketing_opt_in")
EVENTS = (
    "event_id", "user_id", "session_id", "event_type", "occurred_at", "device", "product_id"
)  # fmt: skip
ORDERS = ("order_id", "user_id", "ordered_at", "status", "amount", "item_count", "payment_method")
COLUMNS = {"users": USERS, "events": EVENTS, "orders": ORDERS}
REQUIRED = {
    "users": ("user_id", "signed_up_at"),
    "events": ("event_id", "user_id", "event_type", "occurred_at"),
    "orders": ("order_id", "user_id", "ordered_at", "status"),
}
AT = {"users": "signed_up_at", "events": "occurred_at", "orders": "ordered_at"}
TYPES = {"page_view", "search", "product_view", "add_to_cart", "checkout", "purchase"}
STATES = {"pending", "paid", "shipped", "delivered", "cancelled", "refunded"}
METHODS = {"card", "paypal", "gift_card", "bank_transfer"}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?")


class Token(str):
    """A JSON number as it was written."""

    __slots__ = ()


def integer(value: Any) -> int | None:
    small = isinstance(value, Token) and re.fullmatch(r"-?\d{1,19}", value)
    return int(value) if small and -(2**63) <= int(value) < 2**63 else None


def int32(value: Any) -> int | None:
    number = integer(value)
    return number if number is not None and -(2**31) <= number < 2**31 else None


def text(value: Any) -> str | None:
    return value if isinstance(value, str) and not isinstance(value, Token) else None


def one_of(values: set[str]) -> Callable[[Any], str | None]:
    return lambda value: value if text(value) in values else None


def flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def money(value: Any) -> Decimal | None:
    if not isinstance(value, str) or not re.fullmatch(r"[+-]?\d+([.]\d*)?([eE][+-]?\d+)?", value):
        return None
    number = Decimal(value)
    return number if number == round(number, 2) and abs(number) < 10**10 else None


def instant(value: Any) -> datetime | None:
    written = text(value)
    if written is None or not DATE_TIME.fullmatch(written):
        return None
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


READ: dict[str, Callable[[Any], Any]] = {
    "user_id": integer, "full_name": text, "email": text, "country": text, "city": text,
    "signed_up_at": instant, "marketing_opt_in": flag, "event_id": text, "session_id": text,
    "event_type": one_of(TYPES), "occurred_at": instant,
    "device": one_of({"web", "ios", "android"}), "product_id": integer, "order_id": text,
    "ordered_at": instant, "status": one_of(STATES), "amount": money, "item_count": int32,
    "payment_method": one_of(METHODS),
}  # fmt: skip


def parsed(line: bytes) -> Row | None:
    try:
        value = json.loads(line, parse_int=Token, parse_float=Token)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


class Recount:
    """`used` rows of one dataset by primary key, and counts by reason."""

    def __init__(self, folder: Path, name: str, users: set[int] | None = None) -> None:
        self.read = self.deduplicated = 0
        self.reasons: Counter[str] = Counter()
        self.nulled: Counter[str] = Counter()
        self.used: dict[Any, Row] = {}
        self._name, self._users = name, users
        for line in lines(folder, name):
            self.read += 1
            self._take(parsed(line))

    def _take(self, raw: Row | None) -> None:
        if raw is None:
            self.reasons["malformed"] += 1
            return
        row = {}
        nulled = []
        for column in COLUMNS[self._name]:
            given = raw.get(column)
            row[column] = None if given is None else READ[column](given)
            if row[column] is None:
                if column in REQUIRED[self._name]:
                    self.reasons[("missing_" if given is None else "bad_") + column] += 1
                    return
                if given is not None:
                    nulled.append(f"nulled_{column}")
        if self._users is not None and row["user_id"] not in self._users:
            self.reasons["unknown_user"] += 1
            return
        self.nulled.update(nulled)
        self._keep(row)

    def _keep(self, row: Row) -> None:
        key, at = row[REQUIRED[self._name][0]], AT[self._name]
        other = self.used.setdefault(key, row)
        if other is row:
            return
        if other == row:
            self.deduplicated += 1
            return
        self.reasons["superseded"] += 1
        if row[at] > other[at]:
            self.used[key] = row


def lines(folder: Path, name: str) -> Iterator[bytes]:
    for path in sorted(folder.glob(f"{name}*.json")):
        with path.open("rb") as file:
            yield from (line for line in file if line.strip())


def gold(users: Recount, events: Recount, orders: Recount) -> dict[str, int | str]:
    """Sums of gold columns over all users."""
    seen, bought = events.used.values(), orders.used.values()
    paid = [row for row in bought if row["status"] in {"paid", "shipped", "delivered"}]
    kinds = Counter(f"{row['event_type']}_count" for row in seen)
    return {
        **kinds,
        "event_count": len(seen),
        "session_count": len(
            {(row["user_id"], row["session_id"]) for row in seen if row["session_id"] is not None}
        ),
        "order_count": len(bought),
        "paid_order_count": len(paid),
        "cancelled_order_count": sum(row["status"] == "cancelled" for row in bought),
        "refunded_order_count": sum(row["status"] == "refunded" for row in bought),
        "orders_without_amount": sum(row["amount"] is None for row in bought),
        "revenue": str(sum((row["amount"] or Decimal(0) for row in paid), Decimal("0.00"))),
    }
