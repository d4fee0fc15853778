"""What each example must come to, and how rows are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.examples import flights, sensors

FOLDER = Path(__file__).resolve().parents[2] / "examples"
Tables = dict[str, list[dict[str, Any]]]
ORACLES: dict[str, Callable[[Path], Tables]] = {
    "flights": flights.expected,
    "sensors": sensors.expected,
}


def told(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Rows in an order of their own, as text; doubles to nine digits."""
    return sorted(tuple(f"{name} {_text(value)}" for name, value in row.items()) for row in rows)


def _text(value: Any) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)
