"""What the raw line says, beyond what Spark's JSON reader hands out; all read the column `line`."""

from __future__ import annotations

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

STRICT = {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
BLANK = r" \t\r"
# The text of a token that is not a JSON string, as Spark's reader writes it.
BARE = r"^(?:[{\[]|-?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?$|true$|false$)"
LONG_NUMBER = "[0-9.]{17}"  # more digits than a double keeps
SURROGATE_PAIR = r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
SURROGATE = r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"


def is_blank() -> Expression:
    """Whether there is nothing on the line but what JSON calls white space."""
    return ~F.col("line").rlike(f"[^{BLANK}]")


def quotes() -> Expression:
    """How many `"` the line has."""
    return F.expr("octet_length(line) - octet_length(replace(line, '\"', ''))")


def quotes_around(name: str) -> Expression:
    """2 if the value of that key stands in quotes, else 0, on lines in the usual spacings."""
    line = F.col("line")
    quoted = line.contains(f'"{name}":"') | line.contains(f'"{name}": "')
    return F.when(quoted, 2).otherwise(0)


def ends_at_first_brace() -> Expression:
    """Whether the first `}` is the end of the line."""
    return F.col("line").rlike(rf"^[^}}]*}}[{BLANK}]*\z")


def is_text() -> Expression:
    """Whether the line is UTF-8 and surely has no half of a surrogate pair escaped."""
    escaped = F.col("line").contains(r"\ud") | F.col("line").contains(r"\uD")
    return _is_utf8() & ~escaped


def looks_bare(name: str) -> Expression:
    """Whether a text could stand for a number, a truth value or a container as well."""
    return F.col(name).rlike(BARE)


def has_long_number() -> Expression:
    """Whether some number may have lost digits on its way through double."""
    return F.col("line").rlike(LONG_NUMBER)


def is_malformed() -> Expression:
    """Whether the line is anything but exactly one JSON object with distinct keys in UTF-8."""
    options = STRICT | {"columnNameOfCorruptRecord": "_corrupt"}
    corrupt = F.from_json("line", "_corrupt string", options)["_corrupt"].isNotNull()
    keys = F.json_object_keys("line")
    distinct = F.size(F.array_distinct(keys)) == F.size(keys)
    # Something after the object cannot pass for the end of an array and of an object.
    in_array = F.expr("json_array_length(concat('[', line, ']'))") == 1
    in_object = F.expr("""json_object_keys(concat('{"line":', line, '}'))""").isNotNull()
    bare = F.regexp_replace("line", SURROGATE_PAIR, "").rlike(SURROGATE)
    good = ~corrupt & distinct & in_array & in_object & _is_utf8() & ~bare
    return ~F.coalesce(good, F.lit(False))


def raw(name: str) -> Expression:
    """The token of a top-level key as JSON text, strings in quotes; null if null or missing."""
    return F.expr(f"get_json_object(concat('[', line, ']'), '$[*].{name}')")


def is_string(name: str) -> Expression:
    """Whether the value of a top-level key is a JSON string."""
    return F.coalesce(raw(name).startswith('"'), F.lit(False))


def number(name: str) -> Expression:
    """The digits of a top-level number, exact to 27 decimal places."""
    row = F.from_json("line", f"`{name}` decimal(38,27)", STRICT)
    return F.coalesce(row[name].cast("string"), raw(name))


def _is_utf8() -> Expression:
    return F.expr("decode(cast(line as binary), 'UTF-8') = line")
