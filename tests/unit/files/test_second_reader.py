"""The judge against a second reader that was written from the rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from lakegate.contract.model import Column, Dataset, Limits
from lakegate.files.lines.judge import Judge
from tests.lines import reader
from tests.lines.cases import cases
from tests.lines.drawn import EXTRAS, TOKENS

LIMITS = Limits()
LINES = 30 * settings().max_examples
COLUMNS = sorted({case.column for case in cases() if case.column.type != "json"}, key=repr)
PIECES = (
    *'0123456789+-.eE:TZ \\"tfn,[]{}',
    *(
        "00",
        "999",
        "1e400",
        "e-999999999",
        "2026-",
        "-01-31",
        "T23:59:59",
        "+14:59",
        " UTC",
        "0000",
    ),
    *(
        "\\u0030",
        "\\ud83d",
        "\\ude00",
        "\u00e9",
        "\u0663",
        "\x01",
        "NaN",
        "null",
        "9" * 400,
        "0" * 400,
    ),
)
RAW = (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\0", b"\xef\xbb\xbf", b"\xc2\xa0", b"\x0c", b"\r")


def token(rng: Random, own: list[str]) -> str:
    """A token, mostly of the own type, now and then with something changed."""
    text = rng.choice(rng.choice([own, own, rng.choice([*TOKENS.values(), list(EXTRAS)])]))
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
        at = rng.randrange(len(text) + 1)
        end = at + rng.choice((0, 0, 1, 2))
        text = text[:at] + rng.choice((*PIECES, "")) + text[end:]
    if rng.random() < 0.1:
        text = f'"{text}"' if '"' not in text else text.replace('"', "")
    return text


def drawn(rng: Random, own: list[str]) -> bytes:
    """A line with the column `c`, sometimes twice or with another key."""
    pairs = [f'"c":{token(rng, own)}']
    if rng.random() < 0.1:
        key = rng.choice(["c", "C", "x", "\\u0063"])
        pairs.append(f'"{key}":{token(rng, own)}')
    line = ("{" + rng.choice((",", ", ", " ,")).join(pairs) + "}").encode("utf-8", "surrogatepass")
    if rng.random() < 0.05:
        at = rng.randrange(len(line) + 1)
        line = line[:at] + rng.choice(RAW) + line[at:]
    return line


def second(line: bytes, column: Column, casts: str) -> tuple[Any, ...]:
    """What the second reader says: reason, value, whether it is rounded."""
    try:
        row = reader.line(line)
    except reader.Malformed:
        return "malformed", None, False
    try:
        value, rounded = reader.cast(column.type, row.get("c"), casts, column.epoch)
    except (reader.Wrong, OverflowError):
        return "bad_c", None, False
    return ("missing_c", None, False) if value is None else (None, value, rounded)


def plain(value: Any) -> Any:
    """A value as the second reader has it."""
    if isinstance(value, datetime):
        since = value - datetime(1970, 1, 1, tzinfo=UTC)
        return (since.days * 86400 + since.seconds) * 10**6 + since.microseconds
    if isinstance(value, date):
        return value.toordinal() - date(1970, 1, 1).toordinal()
    return Fraction(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("casts", ["strict", "lenient"])
@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: f"{c.type} {c.epoch}")
def test_both_readers_say_the_same(column: Column, casts: str) -> None:
    rng = Random(repr((column, casts)))
    judge = Judge(Dataset((replace(column, required=True),)), LIMITS, casts=casts)
    for _ in range(LINES):
        line = drawn(rng, TOKENS[f"{column.type} {column.epoch}"])
        found = judge.judge(line)
        said = (found.reason, *map(plain, found.values or (None,)), bool(found.rounded))
        assert said == second(line, column, casts), line
