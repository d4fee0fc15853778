"""What the raw line says, beyond what Spark's JSON reader hands out; all read the column `line`."""

from __future__ import annotations

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

STRICT = {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
BLANK = r" \t\r"
BARE_NUMBER = r"^-?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?$"  # as Spark's reader writes it
SHORT = r"^: ?(?:\"[^\"]*\"|-?[0-9.]{1,16}[,}])"  # a string, or no more digits than a double keeps
SURROGATE_PAIR = r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
SURROGATE = r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"


def is_blank() -> Expression:
    """Whether there is nothing on the line but what JSON calls white space."""
    return ~F.col("line").startswith("{") & ~F.col("line").rlike(f"[^{BLANK}]")


def quotes() -> Expression:
    """How many `"` the line has."""
    return F.expr("octet_length(line) - octet_length(replace(line, '\"', ''))")


def quotes_around(name: str) -> Expression:
    """2 if the value of that key stands in quotes, else 0, on lines in the usual spacings."""
    rest = _after(name)
    quoted = rest.startswith(':"') | rest.startswith(': "')
    return F.when(quoted, 2).otherwise(0)


def quotes_of_null(name: str) -> Expression:
    """2 if that key stands on the line with null, else 0, on lines in the usual spacings."""
    line = F.col("line")
    null = line.contains(f'"{name}":null') | line.contains(f'"{name}": null')
    return F.when(null, 2).otherwise(0)


def ends_at_first_brace() -> Expression:
    """Whether the first `}` is the end of the line."""
    line = F.col("line")
    first = "octet_length(substring_index(line, '}', 1)) = octet_length(line) - 1"
    return F.when(line.endswith("}"), F.expr(first)).otherwise(
        line.rlike(rf"^[^}}]*}}[{BLANK}]*\z")
    )


def has_half_a_pair() -> Expression:
    """Whether the line may have half of a surrogate pair escaped."""
    line = F.col("line")
    return line.contains("\\") & (line.contains(r"\ud") | line.contains(r"\uD"))


def was_replaced(name: str) -> Expression:
    """Whether a text may have had bytes that are not UTF-8, which Spark has replaced."""
    return F.col(name).contains("\ufffd")


def looks_bare(name: str) -> Expression:
    """Whether a text could stand for a number, a truth value or a container as well."""
    text = F.col(name)
    number = text.between("-", ":") & text.rlike(BARE_NUMBER)
    return number | text.startswith("{") | text.startswith("[") | text.isin("true", "false")


def is_short(name: str) -> Expression:
    """Whether the value of that key surely lost no digit on its way through double."""
    return _after(name).rlike(SHORT)


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


def _after(name: str) -> Expression:
    return F.substring_index("line", f'"{name}"', -1)


def _is_utf8() -> Expression:
    return F.expr("decode(cast(line as binary), 'UTF-8') = line")
