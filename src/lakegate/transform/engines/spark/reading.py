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

from lakegate.contract import Column, Dataset
from lakegate.transform.engines.spark import line_pattern as canonical
from lakegate.transform.engines.spark import tokens, values

CORRUPT = "_corrupt"


def lines(spark: SparkSession, uris: Sequence[str], *, with_file: bool = False) -> DataFrame:
    """One row per line that is not blank: `line`, and on request the URI of its `file`."""
    if not uris:
        return spark.createDataFrame([], "line string, file string")
    text = spark.read.text(list(uris), lineSep="\n")
    file = ["_metadata.file_path as file"] if with_file else []  # carried along, it costs every row
    return text.selectExpr("value as line", *file).where(~tokens.is_blank())


def split(text: DataFrame, dataset: Dataset) -> DataFrame:
    """One row per line: `line_hash`, the contract's columns, and the `line` unless it is proven.

    A proven line is one JSON object whose required values are all there and whose values are all
    good. Of the others the columns mean nothing.
    """
    columns = dataset.columns
    taken = text.select("line", canonical.taken(columns).alias("taken"))
    pieces = taken.select("line", canonical.pieces().alias("pieces"))
    # A projection of its own, so that no value is computed twice.
    valued = pieces.select(
        "line",
        "pieces",
        *(
            canonical.value(column, place).alias(column.name)
            for place, column in enumerate(columns)
        ),
    )
    proven = F.col("pieces").isNotNull()
    for place, column in enumerate(columns):
        if column.type == "timestamp":
            is_date = F.col(column.name).isNotNull()
            proven &= is_date if column.required else is_date | ~canonical.is_found(place)
    return valued.select(
        F.xxhash64("line").alias("line_hash"),
        F.when(~proven, F.col("line")).alias("line"),
        *(column.name for column in columns),
    )


def proven(lines: DataFrame, dataset: Dataset) -> DataFrame:
    """The proven ones of lines that `split` took apart, in the form of `examined`."""
    return lines.where("line is null").select(
        "line_hash",
        F.lit(True).alias("proven"),
        F.lit(False).alias("malformed"),
        F.lit(None).cast("array<string>").alias("wrong"),
        *(column.name for column in dataset.columns),
    )


def examined(lines: DataFrame, dataset: Dataset) -> DataFrame:
    """The others of lines that `split` took apart: `line_hash`, `malformed`, `wrong`, the columns.

    A value that is not of its column's type or not among its allowed values is null, and the
    column's name stands in the array `wrong`, which is null when nothing is wrong. `malformed`
    lines are not one JSON object; their other columns mean nothing.
    """
    columns = dataset.columns
    others = lines.where("line is not null").select("line_hash", "line")
    parsed = others.select("*", _parse(columns).alias("row")).select("line_hash", "line", "row.*")
    proven = parsed.select("*", _is_accounted_for(columns).alias("plain"))
    texts = proven.select("line_hash", "line", "plain", *(_text(column) for column in columns))
    # A projection of its own, so that no value is computed twice.
    valued = texts.select(
        "line_hash",
        "line",
        "plain",
        *(F.col(column.name).isNotNull().alias(f"{column.name}_found") for column in columns),
        *(values.read(column, column.name).alias(column.name) for column in columns),
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
        F.lit(False).alias("proven"),
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
