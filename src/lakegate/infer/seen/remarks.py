"""What is said of a column: nulls, the way values are written, and the few that decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lakegate.contract import Column
from lakegate.contract.wording import are
from lakegate.files.lines.parse import Number
from lakegate.infer.shown import shown

WHOLE = re.compile(r"-?[0-9]+")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+.*)?")
DAY = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<mark>[./-])(?P<second>[0-9]{1,2})(?P=mark)"
    r"(?P<year>[0-9]{4}|[0-9]{2})"
)
MONTHS = 12
SIGN = re.compile("[$€£%]")  # beside numbers
MOST_DIGITS = 38
DECIMAL_COMMA = re.compile(r"-?[0-9]{1,3}(\.?[0-9]{3})*(,[0-9]{1,2})?")
GROUPING_COMMA = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]{1,2})?")
FEW = 0.05  # of the values at most, that decide a type which none of the others needs
EXAMPLES = 3
MOST_VALUES, WIDEST = 6, 80


def number_in(texts: Sequence[str]) -> str:
    """SQL that reads texts as numbers where no cast does; the column stands for `{}`."""
    filled = [text for text in texts if text]
    inner = "{}"
    for sign in sorted(set(SIGN.findall("".join(filled)))):
        inner = f"replace({inner}, '{sign}', '')"
    filled = [SIGN.sub("", text).strip(" ") for text in filled]  # as casts do
    if inner == "{}" and not any("," in text for text in filled):
        return ""
    digits = max(len(re.sub("[^0-9]", "", text)) for text in filled)
    kind = f"decimal({max(12, digits + 4)},2)"
    if digits + 4 > MOST_DIGITS:
        return ""
    commas, points = (any(sign in text for text in filled) for sign in ",.")
    grouped = commas or any(text.count(".") > 1 for text in filled)
    if commas or not all(map(GROUPING_COMMA.fullmatch, filled)):
        if grouped and all(map(DECIMAL_COMMA.fullmatch, filled)):
            inner = f"replace({inner}, '.', '')" if points else inner
            return f"cast(replace({inner}, ',', '.') as {kind})"
        if not all(map(GROUPING_COMMA.fullmatch, filled)):
            return ""
        inner = f"replace({inner}, ',', '')"
    return f"cast({inner} as {kind})"


def day_in(texts: Sequence[str]) -> str:
    """SQL that makes dates of texts such as 31.12.2025, as far as they tell day from month."""
    found = [match for text in texts if (match := DAY.fullmatch(text))]
    marks = {match["mark"] for match in found}
    if len(marks) != 1 or any(len(match["year"]) < 4 for match in found):
        return ""
    first, second = (max(int(match[name]) for match in found) for name in ("first", "second"))
    if first > MONTHS and second > MONTHS:
        return ""
    by_dots = found[0]["mark"] == "."
    if not by_dots and first <= MONTHS and second <= MONTHS:
        return ""  # either could be the month
    day, month = (2, 1) if second > MONTHS else (1, 2)
    part = f"cast(split_part({{}}, '{found[0]['mark']}', %d) as int)"
    return f"make_date({part % 3}, {part % month}, {part % day})"


def remark(
    column: Column, tokens: Sequence[Any], values: Sequence[Any], *, lenient: bool, number: str
) -> str:
    """What is said of a column whose tokens were read as these values, null for null."""
    present = [token for token in tokens if token is not None]
    texts = [text for token in present if (text := str(token))]
    parts = [_share(values)] if _share(values) else []
    decided = _deciding(column.type, tokens)
    if decided:
        parts.append(decided)
    elif number:
        parts.append(f"numbers that no cast reads; in SQL: {number.format(column.name)}")
    elif column.type == "string" and texts and all(map(DAY.fullmatch, texts)):
        told = f"days as {shown(texts[0])}, which no cast reads"
        sql = day_in(texts).format(*[column.name] * 3)
        parts.append(f"{told}; in SQL: {sql}" if sql else f"{told}: kept as text")
    elif column.epoch:
        parts.append(f"numbers that are times in {column.epoch}")
    elif lenient and column.type != "string":
        parts.append(f"written as {str(present[0])[:24]!r}")
    elif lenient:
        parts.append("numbers and texts")
    distinct = {value for value in values if value is not None}
    few = 1 <= len(distinct) <= MOST_VALUES and len(values) >= 4 * len(distinct)
    if column.type == "string" and few and not (decided or number):
        plain = [value if _is_plain(value) else shown(value) for value in sorted(distinct)]
        told = ", ".join(plain)
        parts += [f"values: {told}"] if len(told) <= WIDEST else []
    return "; ".join(parts)


def _share(values: Sequence[Any]) -> str:
    """How many of the values are null."""
    nulls = sum(value is None for value in values)
    return f"null in {nulls:,} of {len(values):,}" if nulls else ""


def _deciding(kind: str, tokens: Sequence[Any]) -> str:
    """The few values without which the type would be a narrower one, and where they stand."""
    if kind not in ("string", "json", "double"):
        return ""
    found = [(place, _class(token, kind)) for place, token in enumerate(tokens, 1)]
    classes = Counter(name for _, name in found if name)
    if not classes:
        return ""
    [(usual, _)] = classes.most_common(1)
    others = [place for place, name in found if name and name != usual]
    if usual == "text" or not 0 < len(others) <= FEW * classes.total():
        return ""
    told = ", ".join(f"record {at:,} {_value(tokens[at - 1])}" for at in others[:EXAMPLES])
    more = ", …" if len(others) > EXAMPLES else ""
    found_out = f"{len(others):,} of {classes.total():,} {are(others)} no {usual}: {told}{more}"
    if kind == "double":
        return found_out
    return f"{found_out}; as a {usual}, and not required, null would stand there"


def _value(token: Any) -> str:
    if isinstance(token, (list, dict)):
        return "an array" if isinstance(token, list) else "an object"
    return shown(str(token))


def _class(token: Any, kind: str) -> str:
    """What a token is, in the classes that matter for a type; empty for null and blank."""
    if isinstance(token, (list, dict)):
        return "text"
    if isinstance(token, bool):
        return "boolean"
    text = "" if token is None else str(token).strip()
    if not text:
        return ""
    if isinstance(token, Number) or NUMBER.fullmatch(text):
        if kind == "double":
            return "whole number" if WHOLE.fullmatch(text) else "text"
        return "number"
    return "time" if TIME.fullmatch(text) else "text"


def _is_plain(text: str) -> bool:
    return text.isprintable() and text == text.strip() != ""
