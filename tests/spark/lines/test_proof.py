"""What a pattern proves in Spark is what the judge reads, to the last value."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakegate.contract.model import Column, Dataset, Limits
from lakegate.files.lines.judge import Judge
from lakegate.files.lines.proof import Pattern, learn, pattern
from tests.lines.cases import cases
from tests.lines.drawn import writer

LIMITS = Limits()


def taken(
    spark: SparkSession, dataset: Dataset, found: Pattern, lines: Sequence[bytes]
) -> dict[int, tuple[Any, ...]]:
    """The values that Spark takes out of the lines that are proven, by their number."""
    assert found.regex is not None
    rows = [(number, line.decode()) for number, line in enumerate(lines)]
    frame = spark.createDataFrame(rows, "n int, line string")
    regex = found.regex.replace("\\", "\\\\").replace("'", "\\'")
    texts = [
        f"regexp_extract(line, '{regex}', {place + 1}) as g{place}"
        for place in range(len(found.groups))
    ]
    values = [_shown(column, found) for column in dataset.columns]
    proven = frame.where(f"line rlike '{regex}'").selectExpr("n", *texts).selectExpr("n", *values)
    return {row[0]: tuple(row[1:]) for row in proven.collect()}


def _shown(column: Column, found: Pattern) -> str:
    text = f"g{found.groups.index(column.name)}" if column.name in found.groups else "null"
    sql = found.value(column, text)
    kind = "string" if column.type == "json" else column.type
    typed = f"if(typeof({sql}) = '{kind}', {sql}, raise_error(typeof({sql})))"
    return f"unix_micros({typed})" if column.type == "timestamp" else typed


def _known(value: Any) -> Any:
    if hasattr(value, "timestamp"):
        whole = int(value.replace(microsecond=0).timestamp())
        return whole * 1_000_000 + int(value.microsecond)
    return value


@pytest.mark.parametrize("casts", ["strict", "lenient"])
@pytest.mark.parametrize("seed", range(12))
def test_drawn_lines(seed: int, casts: str, spark: SparkSession) -> None:
    author = writer(Random(seed))
    lines = [author.line() for _ in range(300)]
    found = pattern(author.dataset, learn(lines[:30], LIMITS), casts, "java")
    if found.regex is not None:
        check(spark, author.dataset, found, lines, casts)


@pytest.mark.parametrize("casts", ["strict", "lenient"])
def test_tokens_of_the_table(casts: str, spark: SparkSession) -> None:
    lines = defaultdict(list)
    for case in cases():
        if case.casts == casts and len(case.token) < 2000:
            lines[case.column].append(case.line)
    proven = 0
    for column, tokens in lines.items():
        dataset = Dataset((column,))
        judge = Judge(dataset, LIMITS, casts=casts)
        good = [line for line in tokens if not judge.judge(line).nulled]
        found = pattern(dataset, learn(good, LIMITS), casts, "java")
        if found.regex is not None:
            proven += check(spark, dataset, found, tokens, casts)
    assert proven > 50


@pytest.mark.parametrize("is_required", [True, False])
def test_a_text_that_is_one_of_several_may_be_written_with_escapes(
    is_required: bool, spark: SparkSession
) -> None:
    allowed = ("paid", "a/b", "\u00e9")
    dataset = Dataset((Column("s", "string", required=is_required, allowed=allowed),))
    written = (rb"paid", rb"\u0070aid", rb"pa\u0069\u0064", rb"a\/b", rb"\u00E9", rb"\u0071aid")
    lines = [b'{"s":"%s"}' % text for text in written]
    found = pattern(dataset, learn(lines[:2], LIMITS), "strict", "java")
    values = taken(spark, dataset, found, lines)
    assert values == {0: ("paid",), 1: ("paid",), 2: ("paid",), 3: ("a/b",), 4: ("\u00e9",)}


def test_long_values_need_no_deep_stack(spark: SparkSession) -> None:
    """Java's expressions recurse for some loops: not for those of a pattern."""
    dataset = Dataset((Column("c", "string", required=True), Column("j", "json")))

    def line(text: str, count: int) -> bytes:
        row = {"c": text, "x": [{"a": [1]}] * count, "j": {"k": ["\n"] * count}}
        return json.dumps(row, separators=(",", ":")).encode()

    found = pattern(dataset, learn([line("a", 2)], LIMITS), "strict", "java")
    assert check(spark, dataset, found, [line("\n" * 150_000, 2), line("a", 30_000)], "strict") == 2


def check(
    spark: SparkSession, dataset: Dataset, found: Pattern, lines: Sequence[bytes], casts: str
) -> int:
    """Compare what is proven with the judge; how many lines are."""
    judge = Judge(dataset, LIMITS, casts=casts)
    rows = taken(spark, dataset, found, lines)
    for number, values in rows.items():
        said = judge.judge(lines[number])
        assert (said.reason, said.nulled, said.rounded) == (None, (), ()), lines[number]
        assert values == tuple(map(_known, said.values)), lines[number]
    return len(rows)
