"""Reads JSON Lines exactly: which lines are one JSON object, and which values keep the contract.

Spark's JSON reader alone cannot tell: it hands out any token as a string, sends numbers through
double, takes the first object of `{}{}` and the last of two equal keys. So one pattern takes apart
the lines that are written as usual (`canonical.py`). The others are parsed with strict options,
cheap counts prove most of them to be plain, and the rest are looked at token by token
(`tokens.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from contract import Column, Dataset
from glue_jobs import canonical, tokens, values

CORRUPT = "_corrupt"


def lines(spark: SparkSession, uris: Sequence[str]) -> DataFrame:
    """One row per line that is not blank: `line` and the URI of its `file`."""
    if not uris:
        return spark.createDataFrame([], "line string, file string")
    text = spark.read.text(list(uris), lineSep="\n")
    columns = F.col("value").alias("line"), F.col("_metadata.file_path").alias("file")
    return text.select(*columns).where(~tokens.is_blank())


def typed(text: DataFrame, dataset: Dataset) -> DataFrame:
    """One row per line: `line_hash`, `malformed`, `wrong` and the columns of the contract.

    A value that is not of its column's type or not among its allowed values is null, and the
    column's name stands in the array `wrong`, which is null when nothing is wrong. `malformed`
    lines are not one JSON object; their other columns mean nothing.
    """
    columns = dataset.columns
    split = text.select("line", canonical.taken(columns).alias("taken")).select(
        "line", canonical.pieces().alias("pieces")
    )
    usual = F.col("pieces").isNotNull()
    # From here on only the other lines need their text.
    hashed = split.select(
        F.xxhash64("line").alias("line_hash"), F.when(~usual, F.col("line")).alias("line"), "pieces"
    )
    parsed = hashed.select("*", F.when(~usual, _parse(columns)).alias("row")).select(
        "line_hash", "line", "pieces", f"row.{CORRUPT}", *(F.col(f"row.{c.name}") for c in columns)
    )
    plain = F.when(usual, True).otherwise(_is_accounted_for(columns))
    proven = parsed.select("*", plain.alias("plain"))
    texts = proven.select(
        "line_hash", "line", "pieces", "plain", *(_text(column) for column in columns)
    )
    # A projection of its own, so that no value is computed twice.
    valued = texts.select(
        "line_hash",
        "line",
        "plain",
        *(
            _is_found(column, place).alias(f"{column.name}_found")
            for place, column in enumerate(columns)
        ),
        *(_value(column, place).alias(column.name) for place, column in enumerate(columns)),
    )
    doubtful = ~F.col("plain")
    wrong = []
    for column in columns:
        failed, found = F.col(column.name).isNull(), F.col(f"{column.name}_found")
        doubtful |= failed & found
        token = tokens.raw(column.name).isNotNull()
        wrong.append(F.when(failed, F.when(found | token, F.lit(column.name))))
    return valued.select(
        "line_hash",
        F.when(F.col("plain"), False).otherwise(tokens.is_malformed()).alias("malformed"),
        F.when(doubtful, F.array_compact(F.array(*wrong))).alias("wrong"),
        *(column.name for column in columns),
    )


def _parse(columns: Sequence[Column]) -> Expression:
    """The line as a struct; text where Spark would guess, the line itself if anything is off."""
    fields = [f"`{column.name}` {values.parsed_type(column)}" for column in columns]
    options = tokens.STRICT | {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": CORRUPT}
    return F.from_json("line", ", ".join([*fields, f"{CORRUPT} string"]), options)


def _is_accounted_for(columns: Sequence[Column]) -> Expression:
    """Whether the parsed values are proven to be all of the line and to be what they seem.

    In a line without errors whose first `}` ends it, and whose quotes are all accounted for by the
    keys and strings that were found and by nulls, no key stands twice and nothing is nested or
    unknown.
    """
    quotes: Expression = F.lit(0)
    plain = F.col(CORRUPT).isNull() & ~tokens.has_half_a_pair() & tokens.ends_at_first_brace()
    for column in columns:
        found, null = F.col(column.name).isNotNull(), tokens.quotes_of_null(column.name)
        present: Expression = F.lit(4 if column.type in values.QUOTED else 2)
        if column.type in values.QUOTED:
            name = column.name
            plain &= ~found | ~(tokens.was_replaced(name) | tokens.looks_bare(name))
        if column.decimal:
            present += tokens.quotes_around(column.name)
            plain &= ~found | tokens.is_short(column.name)
        quotes += F.when(found, present).otherwise(null)
    return plain & (tokens.quotes() == quotes)


def _text(column: Column) -> Expression:
    """What was parsed, corrected by a second look at the token where the line is not plain."""
    text = F.col(column.name)
    if column.type == "string":
        text = F.when(F.col("plain"), text).when(tokens.is_string(column.name), text)
    elif column.decimal:
        number = tokens.number(column.name)
        text = (
            F.when(F.col("plain"), text).when(tokens.is_string(column.name), text).otherwise(number)
        )
    return text.alias(column.name)


def _is_found(column: Column, place: int) -> Expression:
    parsed = F.col(column.name).isNotNull()
    return F.when(F.col("pieces").isNull(), parsed).otherwise(canonical.is_found(place))


def _value(column: Column, place: int) -> Expression:
    parsed = values.read(column, column.name)
    return F.when(F.col("pieces").isNull(), parsed).otherwise(canonical.value(column, place))
