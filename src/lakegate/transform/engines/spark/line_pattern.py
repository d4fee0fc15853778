"""Lines as most programs write them: one pattern proves such a line and takes it apart.

Keys in the contract's order, `null` or nothing for what is missing, no escapes, at most one blank
behind `:` and `,`. What the pattern does not match may still be good: `reading.py` looks again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from lakegate.contract import Column

SEPARATOR = "\x01"  # never in a JSON string
# Written one by one, for which Java looks up a bit; for a range it calls a function.
CONTROLS = "".join(rf"\x{code:02x}" for code in range(32))
TIMESTAMP = (
    r'"((?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])'
    r'T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?)Z?"'
)
TOKENS = {
    "string": rf'"([^"\\{CONTROLS}]*+)"',
    "timestamp": TIMESTAMP,
    "bigint": "(-?(?:0|[1-9][0-9]{0,17}))",
    "int": "(-?(?:0|[1-9][0-9]{0,8}))",
    "double": "(-?(?:0|[1-9][0-9]{0,15})(?:[.][0-9]{1,16})?)",
    "boolean": "(true|false)",
}


def pattern(columns: Sequence[Column]) -> str:
    """Java's pattern of a canonical line, with one group per column.

    It matches nothing but one JSON object whose values have their columns' types and are allowed.
    """
    first, *others = columns
    fields = [_field(first, "")]
    for column in others:
        field = _field(column, ", ?")
        fields.append(field if column.required else f"(?:{field})?+")
    return r"^\{" + "".join(fields) + r"\}[ \t\r]*\z"


def may_be_empty(column: Column) -> bool:
    """Whether a value of the column may be missing and may be an empty text.

    The group of such a column keeps the first `"`, which tells the two apart.
    """
    return column.type == "string" and not column.required and not column.allowed


def taken(columns: Sequence[Column]) -> Expression:
    """The texts of the values of the column `line`, separated; if not canonical the line."""
    groups = SEPARATOR.join(f"${number}" for number in range(1, len(columns) + 1))
    return F.regexp_replace("line", pattern(columns), groups)


def pieces() -> Expression:
    """The texts in the column `taken`, empty for null; null if the line is not canonical."""
    text = F.col("taken")
    # Bytes that are not UTF-8 have become U+FFFD, on whatever line.
    matched = (text != F.col("line")) & ~text.contains("\ufffd")
    return F.when(matched, F.split(text, SEPARATOR))


def is_found(position: int) -> Expression:
    """Whether the value at that position of the column `pieces` is there and not null."""
    return F.octet_length(F.col("pieces")[position]) > 0


def value(column: Column, position: int) -> Expression:
    """The value at that position of the column `pieces`; null if it is missing or no real date."""
    piece = f"pieces[{position}]"
    if column.type != "string":
        text = f"try_cast({piece} as {column.type})"
    else:
        text = f"substr({piece}, 2)" if may_be_empty(column) else piece
    return F.expr(text) if column.required else F.when(is_found(position), F.expr(text))


def _field(column: Column, lead: str) -> str:
    token = _token(column)
    optional = token if column.required else f"(?:{token}|null)"
    return f'{lead}"{re.escape(column.name)}": ?{optional}'


def _token(column: Column) -> str:
    if column.decimal:
        return _number(*column.decimal)
    if column.allowed:
        plain = [re.escape(text) for text in map(str, column.allowed) if _is_plain(text)]
        return f'"({"|".join(plain) or "(?!)"})"'
    token = TOKENS[column.type]
    return token.replace('"(', '("', 1) if may_be_empty(column) else token


def _is_plain(text: str) -> bool:
    return bool(text) and json.dumps(text, ensure_ascii=False) == f'"{text}"'


def _number(precision: int, scale: int) -> str:
    fraction = rf"(?:[.][0-9]{{1,{scale}}})?" if scale else ""
    whole = precision - scale
    digits = rf"(?:0|[1-9][0-9]{{0,{whole - 1}}})" if whole else "0"
    return f"(-?{digits}{fraction})"
