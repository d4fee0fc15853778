"""What a connection must know before it runs SQL that was translated from Spark's."""

from __future__ import annotations

MACROS: tuple[str, ...] = (
    # A whole quotient of whole numbers, half away from zero as Spark rounds; nothing by zero.
    "create or replace temp macro divided(number, parts) as "
    "cast(sign(number) * sign(parts) as hugeint) "
    "* ((abs(number) + abs(parts) // 2) // nullif(abs(parts), 0))",
)
