"""Reads JSON Lines exactly: one pattern proves the usual lines, the judge looks at all others.

Spark's own JSON reader cannot tell what a line is: it hands out any token as a string, sends
numbers through double, takes the first object of `{}{}` and the last of two equal keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakegate.contract import Column, Contract, Dataset
from lakegate.contract.model import Limits
from lakegate.files.lines.judge import Judge
from lakegate.files.lines.proof import Layout, Pattern, learn, pattern
from lakegate.transform.engines import arrow
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark import heads

if TYPE_CHECKING:
    import pyarrow as pa

BLANK = r" \t\r"
SEPARATOR = "\x01"  # never in a line that is proven
LEARNED_FILES = 8
UNCHANGED = (
    "cast(null as string) as _reason",
    "cast(null as array<string>) as _nulled",
    "cast(null as array<string>) as _rounded",
)


@dataclass(frozen=True)
class Group:
    """Files of a dataset that are read alike: by the same casts and the same pattern.

    `is_captured`: all text of a proven line that varies is in the groups of the pattern.
    """

    name: str
    dataset: Dataset
    limits: Limits
    casts: str
    pattern: Pattern
    is_captured: bool
    files: tuple[SilverFile, ...]


def groups(
    spark: SparkSession, contract: Contract, name: str, files: Sequence[SilverFile]
) -> Iterator[Group]:
    """The files of a dataset, together where they have the same casts and layout.

    The layouts of a few files are learned; all others are taken to be as the first one is.
    """
    dataset, limits = contract.datasets[name], contract.limits
    alike: dict[tuple[str, Pattern, bool], list[SilverFile]] = {}
    first: dict[str, tuple[str, Pattern, bool]] = {}
    for number, file in enumerate(files):
        casts = file.casts or dataset.casts
        if casts not in first or number < LEARNED_FILES:
            layout = learn(heads.first_lines(spark, file.uri), limits)
            found = pattern(dataset, layout, casts, "java")
            kind = casts, found, layout is not None and _has_columns_only(layout, dataset)
            first.setdefault(casts, kind)
        else:
            kind = first[casts]
        alike.setdefault(kind, []).append(file)
    for (casts, found, is_captured), those in alike.items():
        yield Group(name, dataset, limits, casts, found, is_captured, tuple(those))


def _has_columns_only(layout: Layout, dataset: Dataset) -> bool:
    paths = {column.path for column in dataset.columns}
    return all((key,) in paths for key in layout.top.members or ())


def lines(
    spark: SparkSession,
    files: Iterable[SilverFile],
    *,
    with_file: bool = False,
    with_blanks: bool = False,
) -> DataFrame:
    """One row per line that is not blank: `_text`, and on request the URI of its `_file`."""
    text = spark.read.text([file.uri for file in files], lineSep="\n")
    file = (
        ["_metadata.file_path as _file"] if with_file else []
    )  # carried along, it costs every row
    every = text.selectExpr("value as _text", *file)
    if with_blanks:
        return every
    return every.where(F.col("_text").startswith("{") | F.col("_text").rlike(f"[^{BLANK}]"))


def place(spark: SparkSession, files: Iterable[SilverFile], line: int) -> str:
    """File and number of the first line with that `_line`, from 1; for a run that has failed."""
    every = lines(spark, files, with_file=True, with_blanks=True)
    numbered = every.withColumn("_at", F.monotonically_increasing_id())  # grows within a file
    first = numbered.where(F.xxhash64("_text") == line).orderBy("_at").first()
    if first is None:
        return "a file that is gone"
    before = numbered.where((F.col("_file") == first._file) & (F.col("_at") <= first._at))
    return f"{first._file}, line {before.count()}"


def split(spark: SparkSession, group: Group) -> DataFrame:
    """One row per line: `_line`, the contract's columns, and the `_text` unless it is proven.

    A proven line breaks no row rule and all its values are good. Of the others the columns mean
    nothing.
    """
    text, columns, found = lines(spark, group.files), group.dataset.columns, group.pattern
    if found.regex is None:
        nulls = [f"cast(null as {_spark_type(column)}) as `{column.name}`" for column in columns]
        return text.selectExpr("xxhash64(_text) as _line", "_text", *nulls)
    captured = SEPARATOR.join(f"${number}" for number in range(1, len(found.groups) + 1))
    taken = text.select("_text", F.regexp_replace("_text", found.regex, captured).alias("_taken"))
    # Bytes that are not UTF-8 have become U+FFFD in what Java's expressions give.
    is_utf8 = (
        ~F.col("_taken").contains("\ufffd")
        if group.is_captured
        else F.expr("decode(cast(_text as binary), 'UTF-8') = _text")
    )
    is_short = F.octet_length("_text") <= group.limits.max_line_bytes
    is_proven = (F.col("_taken") != F.col("_text")) & is_utf8 & is_short
    pieces = taken.select("_text", F.when(is_proven, F.split("_taken", SEPARATOR)).alias("_pieces"))
    # A projection of its own, so that no value is computed twice.
    return pieces.select(
        F.xxhash64("_text").alias("_line"),
        F.when(F.col("_pieces").isNull(), F.col("_text")).alias("_text"),
        *(F.expr(_value(column, found)).alias(column.name) for column in columns),
    )


def _value(column: Column, found: Pattern) -> str:
    is_there = column.name in found.groups
    place = f"_pieces[{found.groups.index(column.name)}]" if is_there else "cast(null as string)"
    return found.value(column, place)


def counts(frames: Sequence[DataFrame]) -> list[tuple[int, int]]:
    """How many lines each frame has and how many of them are not proven; one job reads them all."""
    queries = [
        frame.select(F.lit(number), F.count("*"), F.count("_text"))
        for number, frame in enumerate(frames)
    ]
    if not queries:
        return []
    found = {
        number: (lines, others)
        for number, lines, others in reduce(DataFrame.union, queries).collect()
    }
    return [found.get(number, (0, 0)) for number in range(len(frames))]


def proven(frame: DataFrame, group: Group, *, all_are: bool) -> DataFrame:
    """The proven lines of what was split."""
    found = frame if all_are else frame.where("_text is null")
    return found.selectExpr(
        "_line",
        *(f"`{column.name}`" for column in group.dataset.columns),
        *UNCHANGED,
    )


def judged(frame: DataFrame, group: Group) -> DataFrame:
    """The other lines of what was split, as the judge sees them.

    Of a line that is too long no more is looked at than shows that.
    """
    most = group.limits.max_line_bytes + 1
    others = frame.where("_text is not null").selectExpr(
        "_line", f"substring(cast(_text as binary), 1, {most}) as _text"
    )
    return others.mapInArrow(_judging(group), _schema(group.dataset))


def empty(spark: SparkSession, dataset: Dataset) -> DataFrame:
    """No lines."""
    nulls = [
        f"cast(null as {_spark_type(column)}) as `{column.name}`" for column in dataset.columns
    ]
    return spark.range(0).selectExpr("id as _line", *nulls, *UNCHANGED)


def _judging(group: Group) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    name, dataset, limits, casts = group.name, group.dataset, group.limits, group.casts

    def judge(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        one = Judge(dataset, limits, casts=casts)
        for batch in batches:
            yield arrow.judged(batch.column(0), batch.column(1), name, dataset, one)

    return judge


def _schema(dataset: Dataset) -> str:
    columns = [f"`{column.name}` {_spark_type(column)}" for column in dataset.columns]
    after = ("_reason string", "_nulled array<string>", "_rounded array<string>")
    return ", ".join(["_line bigint", *columns, *after])


def _spark_type(column: Column) -> str:
    return "string" if column.type == "json" else column.type
