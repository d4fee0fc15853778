"""What `make up` shows of a gold table, whatever its columns are."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from lakegate.cli.terminal.safe import Console
from local.up import result


def shown(rows: list[dict[str, Any]], width: int) -> str:
    out = StringIO()
    console = Console(file=out, width=width)
    console.print(result._table(console, "delays", rows, 7000))
    return out.getvalue()


ROW = {
    "carrier": "UA",
    "delay": 1.25,
    "paid": Decimal("3.10"),
    "at": datetime(2026, 11, 26, tzinfo=UTC),
    "note": None,
}


def test_any_columns_are_shown() -> None:
    text = shown([ROW], 100)
    for part in ("delays: 1 of 7,000 rows", "UA", "1.25", "3.10", "2026-11-26 00:00:00", "-"):
        assert part in text


def test_columns_without_room_are_named() -> None:
    text = shown([ROW], 32)
    assert "carrier" in text
    assert "and at, note" in " ".join(text.split())


def test_no_rows_are_no_trouble() -> None:
    assert "delays: 0 of 7,000 rows" in shown([], 80)
