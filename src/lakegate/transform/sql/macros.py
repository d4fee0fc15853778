"""What DuckDB must be taught before it runs a mart; only the standard library is used."""

from __future__ import annotations

MACROS: tuple[str, ...] = (
    # A whole quotient of whole numbers, half away from zero as Spark rounds; nothing by zero.
    "create or replace temp macro divided(number, parts) as "
    "cast(sign(number) * sign(parts) as hugeint) "
    "* ((abs(number) + abs(parts) // 2) // nullif(abs(parts), 0))",
)
