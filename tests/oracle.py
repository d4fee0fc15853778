"""What a batch must come to, in plain Python: the referee of the Spark job and of the emulator.

Written from the rules alone. It shares nothing with the job or the contract: column lists, allowed
values and defaults are spelled out again, and numbers are read by `decimal`, times by `datetime`.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = dict[str, Any]

EVENT_TYPES = ("page_view", "search", "product_view", "add_to_cart", "checkout", "purchase")
PAID = ("paid", "shipped", "delivered")
STATUSES = ("pending", *PAID, "cancelled", "refunded")
DEVICES = ("web", "ios", "android")
PAYMENTS = ("card", "paypal", "gift_card", "bank_transfer")

NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?([eE]([+-]?[0-9]+))?")
MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
CENT = Decimal("0.01")


class Malformed(ValueError):
    """The line is not exactly one JSON object."""


class Wrong(ValueError):
    """A value that is not of its type."""


class Rounded(Decimal):
    """An amount that lost digits."""


class Bare(str):
    """A JSON number, kept as it was written."""


@dataclass
class Expected:
    """Rows of both tables by their keys, outcome counts by dataset, (reason, line) of rejected."""

    gold: dict[int, Row]
    countries: dict[str, Row]
    outcomes: dict[str, dict[str, int]]
    rejected: dict[str, list[tuple[str, bytes]]]


@dataclass
class Line:
    """A valid line on its way through the rules."""

    raw: bytes
    row: Row = field(default_factory=dict)


def parse_object(raw: bytes) -> Row:
    """The object on a line; strict: UTF-8, no NaN, no key twice, no half surrogates."""

    def refuse(_: str) -> None:
        raise Malformed

    def unique(pairs: list[tuple[str, Any]]) -> Row:
        if len({key for key, _ in pairs}) < len(pairs):
            raise Malformed
        return dict(pairs)

    try:
        text = raw.decode("utf-8")
        value = json.loads(
            text,
            parse_int=Bare,
            parse_float=Bare,
            parse_constant=refuse,
            object_pairs_hook=unique,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(value, dict):
        raise Malformed
    return value


def whole(bits: int) -> Any:
    def read(value: Any) -> int:
        if not isinstance(value, Bare) or not re.fullmatch("-?[0-9]+", value):
            raise Wrong
        if not -(2 ** (bits - 1)) <= int(value) < 2 ** (bits - 1):
            raise Wrong
        return int(value)

    return read


def words(value: Any) -> str:
    if isinstance(value, Bare) or not isinstance(value, str):
        raise Wrong
    return value


def one_of(*allowed: str) -> Any:
    def read(value: Any) -> str:
        if words(value) not in allowed:
            raise Wrong
        return str(value)

    return read


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong
    return value


def money(value: Any) -> Decimal:
    match = NUMBER.fullmatch(value) if isinstance(value, str) else None
    if match is None or len(value) > 1000 or abs(int(match[3] or 0)) > 999:
        raise Wrong
    number = Decimal(value)
    if abs(number) >= Decimal(10) ** 10:
        raise Wrong
    rounded = number.quantize(CENT, ROUND_HALF_UP)
    if abs(rounded) >= Decimal(10) ** 10:
        raise Wrong
    return rounded + 0 if rounded == number else Rounded(rounded + 0)  # there is no -0


def moment(value: Any) -> datetime:
    match = MOMENT.fullmatch(words(value))
    if not match:
        raise Wrong
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    micros = int(((fraction or "") + "000000")[:6])
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micros, UTC
        )
        return local - offset(zone)
    except (ValueError, OverflowError) as error:
        raise Wrong from error


def offset(zone: str | None) -> timedelta:
    if zone in (None, "Z"):
        return timedelta(0)
    assert zone is not None
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 14 or minutes > 59:
        raise Wrong
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


# Column, reader, required; in the order of the contract.
COLUMNS: Mapping[str, tuple[tuple[str, Any, bool], ...]] = {
    "users": (
        ("user_id", whole(64), True),
        ("full_name", words, False),
        ("email", words, False),
        ("country", words, False),
        ("city", words, False),
        ("signed_up_at", moment, True),
        ("marketing_opt_in", truth, False),
    ),
    "events": (
        ("event_id", words, True),
        ("user_id", whole(64), True),
        ("session_id", words, False),
        ("event_type", one_of(*EVENT_TYPES), True),
        ("occurred_at", moment, True),
        ("device", one_of(*DEVICES), False),
        ("product_id", whole(64), False),
    ),
    "orders": (
        ("order_id", words, True),
        ("user_id", whole(64), True),
        ("ordered_at", moment, True),
        ("status", one_of(*STATUSES), True),
        ("amount", money, False),
        ("item_count", whole(32), False),
        ("payment_method", one_of(*PAYMENTS), False),
    ),
}
LATEST_BY = {"users": "signed_up_at", "events": "occurred_at", "orders": "ordered_at"}


def expect(lines: Mapping[str, Iterable[bytes]]) -> Expected:
    """The outcome of the lines of users, events and orders, in any order of lines."""
    outcomes: dict[str, Counter[str]] = {name: Counter(read=0) for name in COLUMNS}
    rejected: dict[str, list[tuple[str, bytes]]] = {name: [] for name in COLUMNS}
    used: dict[str, list[Row]] = {}
    known: set[int] = set()
    for name in COLUMNS:
        kept = latest(name, classify(name, lines.get(name, ()), outcomes, rejected), rejected)
        outcomes[name]["deduplicated"] += kept.copies
        if name == "users":
            known = {line.row["user_id"] for line in kept.lines}
        used[name] = []
        for line in kept.lines:
            if name == "users" or line.row["user_id"] in known:
                used[name].append(line.row)
            else:
                rejected[name].append(("unknown_user_id", line.raw))
        outcomes[name]["used"] = len(used[name])
        outcomes[name].update(reason for reason, _ in rejected[name])
    always = ("read", "used", "deduplicated")
    counts = {
        name: {key: n for key, n in c.items() if n or key in always} for name, c in outcomes.items()
    }
    gold = activity(used)
    return Expected(gold, by_country(gold.values()), counts, rejected)


def classify(
    name: str,
    lines: Iterable[bytes],
    outcomes: dict[str, Counter[str]],
    rejected: dict[str, list[tuple[str, bytes]]],
) -> list[Line]:
    """The valid lines of a dataset; the first broken rule in the order of columns is the reason."""
    valid = []
    for raw in lines:
        if not raw.strip(b" \t\r\n"):
            continue
        outcomes[name]["read"] += 1
        try:
            row, changed = read(name, parse_object(raw))
        except Malformed:
            rejected[name].append(("malformed", raw))
        except Wrong as verdict:
            rejected[name].append((str(verdict), raw))
        else:
            outcomes[name].update(changed)
            valid.append(Line(raw, row))
    return valid


def read(name: str, values: Row) -> tuple[Row, list[str]]:
    """The row of an object and what was changed for it. Raises Wrong(reason)."""
    row: Row = {}
    changed = []
    for column, reader, required in COLUMNS[name]:
        value = values.get(column)
        row[column] = None
        if value is None:
            if required:
                raise Wrong(f"missing_{column}")
            continue
        try:
            row[column] = reader(value)
        except Wrong as verdict:
            if required:
                raise Wrong(f"bad_{column}") from verdict
            changed.append(f"nulled_{column}")
        if isinstance(row[column], Rounded):
            changed.append(f"rounded_{column}")
    return row, changed


@dataclass
class Kept:
    """One line per key, and how many lines were copies of another."""

    lines: list[Line]
    copies: int


def latest(name: str, lines: list[Line], rejected: dict[str, list[tuple[str, bytes]]]) -> Kept:
    """The latest line of each key; others that differ are superseded, others alike are copies."""
    key, moment_column = COLUMNS[name][0][0], LATEST_BY[name]
    groups: dict[Any, dict[tuple[Any, ...], list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        groups[line.row[key]][tuple(line.row.values())].append(line)

    def rank(version: tuple[Any, ...]) -> tuple[Any, ...]:
        row = dict(zip((column for column, _, _ in COLUMNS[name]), version, strict=True))
        return (row[moment_column], *((value is not None, sortable(value)) for value in version))

    kept, copies = [], 0
    for versions in groups.values():
        best, *others = sorted(versions, key=rank, reverse=True)
        kept.append(versions[best][0])
        rejected[name].extend(("superseded", versions[other][0].raw) for other in others)
        copies += sum(len(alike) - 1 for alike in versions.values())
    return Kept(kept, copies)


def sortable(value: Any) -> Any:
    """A value that sorts as the rules say: text by its UTF-8 bytes, nothing first."""
    if value is None:
        return 0
    return value.encode() if isinstance(value, str) else value


def activity(used: Mapping[str, list[Row]]) -> dict[int, Row]:
    """The gold rows by user_id."""
    events: dict[int, list[Row]] = defaultdict(list)
    orders: dict[int, list[Row]] = defaultdict(list)
    for row in used["events"]:
        events[row["user_id"]].append(row)
    for row in used["orders"]:
        orders[row["user_id"]].append(row)
    return {
        user["user_id"]: gold_row(user, events[user["user_id"]], orders[user["user_id"]])
        for user in used["users"]
    }


def gold_row(user: Row, events: list[Row], orders: list[Row]) -> Row:
    """What the user of that row did and bought."""
    types = Counter(event["event_type"] for event in events)
    sessions = {event["session_id"] for event in events} - {None}
    happened = [event["occurred_at"] for event in events]
    placed = [order["ordered_at"] for order in orders]
    paid = [order for order in orders if order["status"] in PAID]
    revenue = sum((order["amount"] or Decimal(0) for order in paid), Decimal("0.00"))
    return {
        "user_id": user["user_id"],
        "full_name": "unknown" if user["full_name"] is None else user["full_name"],
        "country": "unknown" if user["country"] is None else user["country"],
        "city": "unknown" if user["city"] is None else user["city"],
        "signed_up_at": user["signed_up_at"],
        "marketing_opt_in": bool(user["marketing_opt_in"]),
        "event_count": len(events),
        "session_count": len(sessions),
        "active_days": len({when.date() for when in happened}),
        **{f"{kind}_count": types[kind] for kind in EVENT_TYPES},
        "first_event_at": min(happened, default=None),
        "last_event_at": max(happened, default=None),
        "order_count": len(orders),
        "paid_order_count": len(paid),
        "cancelled_order_count": sum(order["status"] == "cancelled" for order in orders),
        "refunded_order_count": sum(order["status"] == "refunded" for order in orders),
        "orders_without_amount": sum(order["amount"] is None for order in orders),
        "revenue": revenue,
        "average_order_value": (
            (revenue / len(paid)).quantize(CENT, ROUND_HALF_UP) if paid else None
        ),
        "first_order_at": min(placed, default=None),
        "last_order_at": max(placed, default=None),
        "conversion_rate": len(paid) / len(sessions) if sessions else None,
    }


def by_country(users: Iterable[Row]) -> dict[str, Row]:
    """The rows of country_revenue by country, from those of user_activity."""
    found: dict[str, Row] = {}
    for user in users:
        row = found.setdefault(
            user["country"],
            {
                "country": user["country"],
                "user_count": 0,
                "buyer_count": 0,
                "order_count": 0,
                "revenue": Decimal("0.00"),
            },
        )
        row["user_count"] += 1
        row["buyer_count"] += user["paid_order_count"] > 0
        row["order_count"] += user["order_count"]
        row["revenue"] += user["revenue"]
    return found
