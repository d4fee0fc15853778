"""The narrowest type that holds for every value of a field, by the pipeline's own casts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from lakegate.contract import Column
from lakegate.files.lines import casts
from lakegate.files.lines.parse import Number
from lakegate.files.lines.values import WRONG, Rounded
from lakegate.infer import names
from lakegate.infer.seen.fields import Field, is_text
from lakegate.infer.seen.remarks import number_in, remark

MONEY = re.compile(
    r"(amount|price|cost|total|revenue|fee|fare|tax|discount|salary|balance|payment)"
)
TIME = re.compile(
    r"(_at|_on|_ts|time|date|day|stamp|epoch|created|updated|modified|installed|opened|closed|joined"
    r"|registered|since|until|start|end|expires|expiry|birth|dob|^ts|^at)(_(s|ms|us|ns))?\Z"
)
FLAG = re.compile(r"^(is|has|was|can|did)_|(flag|active|enabled|deleted|opt_in|verified)\Z")
IDENTITY = re.compile(r"(^|_)(id|key|number|no)\Z")
CODE = re.compile(r"(^|_)(code|sku|zip|zipcode|postcode|postal_code|phone|mobile|iban|isbn)\Z")
PLAIN = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")
ZEROS = re.compile(r"[+-]?0[0-9]|\+")
EXACT_DIGITS = 15  # more are lost in a double
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
UNITS: tuple[Literal["s", "ms", "us", "ns"], ...] = ("s", "ms", "us", "ns")


@dataclass(frozen=True)
class Found:
    """A column, its value in every record, and what was seen of it.

    `number` is SQL that reads its texts as numbers, with `{}` for the column, where no cast does.
    """

    column: Column
    lenient: bool
    values: tuple[Any, ...]
    remark: str
    number: str = ""
    may_be_required: bool = True

    @property
    def is_required(self) -> bool:
        """Whether each record has a value, and has to have one."""
        return self.may_be_required and None not in self.values

    def outside(self) -> Found:
        """The same, where an object around the records has such a key, too."""
        told = "not required: the object around the records has such a key, too"
        remark = f"{told}; {self.remark}" if self.remark else told
        return replace(self, may_be_required=False, remark=remark)


def found(seen: Field, taken: set[str], *, is_csv: bool) -> Found:
    """The column of a field. What it reads is what the job would read."""
    name = names.column(seen.path, taken)
    source = () if seen.path == (name,) else seen.path
    tokens = seen.present
    if not tokens:
        return Found(
            Column(name, "string", source=source),
            False,
            (None,) * len(seen.tokens),
            "no value was seen",
        )
    if seen.is_nested:
        column = Column(name, "json", source=source)
        texts = tuple(None if token is None else str(token) for token in seen.tokens)
        told = remark(column, seen.tokens, texts, lenient=False, number="")
        return Found(column, False, texts, told or "arrays or objects, kept as text")
    for kind, lenient, epoch in _candidates(name, tokens, is_csv=is_csv):
        column = Column(name, kind, source=source, epoch=epoch)
        values = _values(column, seen.tokens, lenient=lenient)
        if values is not None:
            is_text_only = kind == "string" and not CODE.search(name)
            number = number_in([str(token).strip() for token in tokens]) if is_text_only else ""
            told = remark(column, seen.tokens, values, lenient=lenient, number=number)
            return Found(column, lenient, values, told, number)
    column = Column(name, "json", source=source)
    told = remark(column, seen.tokens, seen.tokens, lenient=False, number="")
    told = told or "values of several kinds, kept as text"
    return Found(column, False, tuple(map(str, seen.tokens)), told)


def _values(column: Column, tokens: Sequence[Any], *, lenient: bool) -> tuple[Any, ...] | None:
    cast = casts.cast(column, "lenient" if lenient else "strict")
    values = []
    for token in tokens:
        value = None if token is None else cast(token)
        if value is WRONG or isinstance(value, Rounded):
            return None
        values.append(value)
    if any(value is not None for value in values):
        return tuple(values)
    return None


Candidate = tuple[str, bool, Literal["s", "ms", "us", "ns"] | None]  # type, lenient, epoch


def _candidates(name: str, tokens: Sequence[Any], *, is_csv: bool) -> Iterator[Candidate]:
    """Types to try, the narrowest first: as they stand, as texts of others, as text."""
    texts = [token.strip() for token in tokens if is_text(token)]
    filled = [text for text in texts if text]
    numbers = [str(token) for token in tokens if isinstance(token, Number)]
    looks = numbers + filled
    dated = bool(TIME.search(name))
    unit = _epoch(looks) if dated else None
    if unit is not None:
        yield "timestamp", True, unit
    if not texts:
        yield "boolean", False, None
        yield from ((kind, False, None) for kind in _numeric(name, numbers))
    else:
        yield from (("timestamp", False, None), ("date", False, None))
        is_name = bool(IDENTITY.search(name)) or any(map(ZEROS.match, looks))
        exact = [kind for kind in _numeric(name, looks) if kind.startswith("decimal")]
        yield from ((kind, False, None) for kind in exact if not is_name)
    words = {text.lower() for text in looks}
    if filled and words <= set(casts.WORDS) and (words - {"0", "1"} or FLAG.search(name)):
        yield "boolean", True, None
    if filled and not any(map(_is_number, filled)):
        yield from (("date", True, None),) if _are_days(filled) else ()
        yield "timestamp", True, None
    if dated and looks and all(re.fullmatch("(19|20)[0-9]{6}", text) for text in looks):
        yield "date", True, None
    if not any(ZEROS.match(text) for text in looks) and not CODE.search(name):
        is_name = bool(texts) and not is_csv and bool(IDENTITY.search(name))
        yield from ((kind, True, None) for kind in _numeric(name, looks) if not is_name)
    yield from (("string", False, None), ("string", True, None))


def _numeric(name: str, numbers: Sequence[str]) -> Iterator[str]:
    if not numbers or not all(map(_is_number, numbers)):
        return
    if not IDENTITY.search(name):
        yield "int"
    yield "bigint"
    plain = [match for match in map(PLAIN.fullmatch, numbers) if match]
    if len(plain) == len(numbers):
        whole = max(len(match[1].lstrip("0")) for match in plain)
        scale = max(len((match[2] or "").rstrip("0")) for match in plain)
        digits = max(len((match[1] + (match[2] or "")).lstrip("0")) for match in plain)
        if (MONEY.search(name) and scale <= 4) or digits > EXACT_DIGITS:
            scale = max(scale, 2) if scale or MONEY.search(name) else 0
            precision = max(12, whole + 4 + scale)
            if precision <= 38:
                yield f"decimal({precision},{scale})"
    yield "double"


def _epoch(numbers: Sequence[str]) -> Literal["s", "ms", "us", "ns"] | None:
    """The unit in which all numbers are instants of our time."""
    if not numbers or not all(re.fullmatch(r"[0-9]{9,19}(\.[0-9]+)?", one) for one in numbers):
        return None
    for place, unit in enumerate(UNITS):
        least, most = (moment.timestamp() * 1000**place for moment in (EARLIEST, LATEST))
        if all(least <= float(one) < most for one in numbers):
            return unit
    return None


def _are_days(texts: Sequence[str]) -> bool:
    return all(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) for text in texts)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text))
