"""Values that a column must not hold, and lines that are not one JSON object."""

from __future__ import annotations

import json
from typing import Any

from lakegate.contract import Column

Value = Any  # what json.dumps takes

_WRONG: dict[str, tuple[Value, ...]] = {
    "bigint": ("17", 1.5, 1.0, True, 2**63, [1]),
    "int": ("3", 2.5, 3.0, False, 2**31, {"n": 1}),
    "string": (17, True, ["a"], {"a": 1}),
    "boolean": ("true", 1, "yes", [True]),
    "double": ("high", True, [1.5]),
    "timestamp": (
        "yesterday",
        "2026-02-30T10:00:00Z",
        "2026-03-01",
        "2026-03-01T25:00:00Z",
        "01.03.2026 10:00",
        1_767_225_600,
    ),
}


def wrong_values(column: Column) -> tuple[Value, ...]:
    """Values of a wrong type or outside the allowed set; none of them is null."""
    if column.decimal:
        precision, scale = column.decimal
        too_fine = f"1.{'0' * scale}5"
        return ("twelve", too_fine, 10 ** (precision - scale), True, [1], "")
    values = _WRONG[column.type]
    if column.allowed:
        first = str(column.allowed[0])
        return (*values, "", first.upper(), f" {first}", "other")
    return values


def malformed_lines(line: bytes) -> tuple[bytes, ...]:
    """Lines (without line end) made from a good one, none of them one JSON object."""
    return (
        line[:24],
        line[:-1] + b",}",
        line + line,
        b"[" + line + b"]",
        line.replace(b'"', b"'"),
        line[1:],
        json.dumps(line.decode()).encode(),
        b"null",
        b"42",
        b"-- end of export --",
    )
