"""Lines of good files."""

from __future__ import annotations

import json
from typing import Any

GOOD: dict[str, dict[str, Any]] = {
    "users": {
        "user_id": 7,
        "full_name": "Ada Lovelace",
        "email": "ada@example.com",
        "country": "GB",
        "city": "London",
        "signed_up_at": "2026-01-01T08:00:00Z",
        "marketing_opt_in": True,
    },
    "events": {
        "event_id": "e-1",
        "user_id": 7,
        "session_id": "s-1",
        "event_type": "search",
        "occurred_at": "2026-01-02T08:00:00.123Z",
        "device": "web",
        "product_id": None,
    },
    "orders": {
        "order_id": "o-1",
        "user_id": 7,
        "ordered_at": "2026-01-03T08:00:00+01:00",
        "status": "paid",
        "amount": 12.5,
        "item_count": 2,
        "payment_method": "card",
    },
}


def line(dataset: str, **changes: Any) -> bytes:
    """A good line with its newline, after changes; `...` takes a field out."""
    row = {**GOOD[dataset], **changes}
    return (
        json.dumps({key: value for key, value in row.items() if value is not ...}).encode() + b"\n"
    )
