"""The forms of tokens that a pattern can prove good, and the SQL that makes a value of each.

Each form is a part of what `casts.py` takes: what no form fits is left to the judge. The patterns
are of the common part of Java's, RE2's and Python's languages; `x` in the SQL is the text between
the quotes, or all of a token without quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lakegate.contract.model import Column


def _day(dash: str) -> str:
    """Month and day, but for the 29th of February."""
    return (
        f"(?:(?:0[1-9]|1[0-2]){dash}(?:0[1-9]|1[0-9]|2[0-8])"
        f"|(?:0[13-9]|1[0-2]){dash}(?:29|30)|(?:0[13578]|1[02]){dash}31)"
    )


DATE = f"[12][0-9]{{3}}-{_day('-')}"
MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
SECOND = r":[0-5][0-9](?:\.[0-9]{1,9})?"
TIME = f"{MINUTE}(?:{SECOND})?"
ZONED = f"{MINUTE}{SECOND}[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?"
WHOLE = "(?:0|[1-9][0-9]{0,17})"
LONG = r"(?:[1-8][0-9]{18}|[1-9][0-9]{0,17}|0)"
INT = "(?:1[0-9]{9}|[1-9][0-9]{0,8}|0)"
# Counts since 1970 by unit, told apart by their length; the negative ones stay behind the year 1.
SIZED = {
    "s": "(?:[1-9][0-9]{8,10}|-[1-9][0-9]{8,9})",
    "ms": "(?:[1-9][0-9]{11,13}|-[1-9][0-9]{11,12})",
    "us": "(?:[1-9][0-9]{14,16}|-[1-9][0-9]{14,15})",
    "ns": "-?(?:[1-8][0-9]{18}|[1-9][0-9]{17})",
}
ANY_SIZE = {
    "s": "(?:0|[1-9][0-9]{0,10}|-[1-9][0-9]{0,9})",
    "ms": "(?:0|[1-9][0-9]{0,13}|-[1-9][0-9]{0,12})",
    "us": "(?:0|[1-9][0-9]{0,16}|-[1-9][0-9]{0,15})",
    "ns": "(?:0|-?(?:[1-8][0-9]{18}|[1-9][0-9]{0,17}))",
}
POINT_ZERO = r"\.0{1,15}"
TEXT = "text"  # any string; what it consists of is the dialect's to say
KEPT = 15  # digits of a number that a JSON library keeps on the way through a double
WORDS = ("true", "false", "t", "f", "yes", "no", "y", "n")


@dataclass(frozen=True)
class Form:
    """Tokens that `body` and `tail` match, between quotes if `quoted`.

    The value does not depend on the tail. `is_exact` says that the text matters to the last digit,
    which a JSON library does not keep. `escaped` is the body where characters may be escapes.
    """

    name: str
    body: str
    quoted: bool = False
    is_exact: bool = False
    tail: str = ""
    escaped: str = ""

    @property
    def whole(self) -> str:
        """The pattern of all of the token but its quotes."""
        return self.body + self.tail

    def fits(self, token: object) -> bool:
        """Whether a parsed token has this form."""
        if self.name == TEXT:
            return type(token) is str
        if isinstance(token, bool):
            return not self.quoted and bool(re.fullmatch(self.whole, str(token).lower()))
        if not isinstance(token, str) or (type(token) is str) is not self.quoted:
            return False
        return bool(re.fullmatch(self.whole, token))


def forms(column: Column, casts: str) -> tuple[Form, ...]:
    """The forms of a column's values, the strict ones first."""
    if column.allowed:
        return tuple(_allowed(column, casts))
    kind = "decimal" if column.decimal else column.type
    return tuple(_KINDS[kind](column, casts == "lenient"))


def _allowed(column: Column, casts: str) -> Iterator[Form]:
    plain_words = [word for word in map(str, column.allowed) if _is_plain(word)]
    if plain_words:
        plain = map(re.escape, plain_words)
        is_text = column.type == "string"
        words = f"(?:{'|'.join(plain)})"
        escaped = "|".join("".join(map(_escaped, word)) for word in plain_words)
        yield Form("chosen", words, quoted=is_text, escaped=f"(?:{escaped})")
        if casts == "lenient" and not is_text:
            yield Form("chosen text", words, quoted=True)
            yield Form("empty", "", quoted=True)


def _escaped(character: str) -> str:
    """A character as it stands in a JSON string, or as an escape."""
    digits = f"{ord(character):04x}"
    if len(digits) > 4:
        return re.escape(character)
    either = "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)
    own = r"\\?/" if character == "/" else re.escape(character)
    return rf"(?:{own}|\\u{either})"


def _is_plain(word: str) -> bool:
    return bool(word) and json.dumps(word, ensure_ascii=False) == f'"{word}"'


def _whole(column: Column, lenient: bool) -> Iterator[Form]:
    digits = LONG if column.type == "bigint" else INT
    yield Form("whole", f"-?{digits}")
    if lenient:
        short = "(?:0|[1-9][0-9]{0,14})" if column.type == "bigint" else INT
        yield Form("whole.0", f"-?{short}", tail=POINT_ZERO)
        yield Form("whole text", rf"[+-]?{digits}", quoted=True)
        yield Form("whole.0 text", f"[+-]?{short}", quoted=True, tail=POINT_ZERO)
        yield Form("empty", "", quoted=True)


def _decimal(column: Column, lenient: bool) -> Iterator[Form]:
    assert column.decimal is not None
    precision, scale = column.decimal
    whole = precision - scale
    fraction = rf"(?:\.[0-9]{{1,{scale}}}0{{0,20}})?" if scale else r"(?:\.0{1,20})?"
    if (short := min(whole, KEPT - scale)) > 0:
        yield Form("number", f"-?{_digits(short)}{fraction}")
    if precision > KEPT:
        yield Form("long number", f"-?{_digits(whole)}{fraction}", is_exact=True)
    elif not whole:
        yield Form("number", f"-?0{fraction}")
    yield Form("number text", f"[+-]?{_digits(whole)}{fraction}", quoted=True)
    if lenient:
        yield Form("empty", "", quoted=True)


def _digits(most: int) -> str:
    return f"(?:0|[1-9][0-9]{{0,{most - 1}}})" if most else "0"


def _double(_: Column, lenient: bool) -> Iterator[Form]:
    number = rf"-?{WHOLE}(?:\.[0-9]{{1,25}})?(?:[eE][+-]?[0-9]{{1,2}})?"
    yield Form("number", number)
    if lenient:
        yield Form("number text", number, quoted=True)
        yield Form("empty", "", quoted=True)


def _boolean(_: Column, lenient: bool) -> Iterator[Form]:
    yield Form("word", "(?:true|false)")
    if lenient:
        any_case = ("".join(f"[{c}{c.upper()}]" for c in word) for word in WORDS)
        yield Form("digit", "[01]")
        yield Form("word text", f"(?:[01]|{'|'.join(any_case)})", quoted=True)
        yield Form("empty", "", quoted=True)


def _timestamp(column: Column, lenient: bool) -> Iterator[Form]:
    yield Form("iso", f"{DATE}T{TIME}", quoted=True, tail="Z?")
    yield Form("iso with offset", f"{DATE}T{ZONED}", quoted=True)
    if lenient:
        yield Form("looser", f"{DATE}[T ]{TIME}", quoted=True, tail="(?:Z| UTC)?")
        yield Form("looser with offset", f"{DATE}[T ]{ZONED}", quoted=True)
        yield from _counts(column)


def _date(column: Column, lenient: bool) -> Iterator[Form]:
    yield Form("date", DATE, quoted=True)
    if lenient:
        yield from (form for form in _timestamp(column, lenient) if form.name != "date")


def _counts(column: Column) -> Iterator[Form]:
    yield Form("date", DATE, quoted=True)
    yield Form("empty", "", quoted=True)
    if column.epoch is None:
        yield Form("eight digits", f"[12][0-9]{{3}}{_day('')}", quoted=True)
    units = {column.epoch: ANY_SIZE[column.epoch]} if column.epoch else SIZED
    for unit, digits in units.items():
        places = {"s": 4, "ms": 1}.get(unit, 0)
        yield Form(f"in {unit}", digits)
        yield Form(f"in {unit} text", digits, quoted=True)
        if places:
            yield Form(f"in {unit}.", rf"{digits}\.[0-9]{{1,{places}}}")
        yield Form(f"in {unit}.…", rf"{digits}\.[0-9]{{1,12}}", is_exact=True)
        yield Form(f"in {unit}. text", rf"{digits}\.[0-9]{{1,12}}", quoted=True)


def _string(_: Column, lenient: bool) -> Iterator[Form]:
    yield Form(TEXT, "", quoted=True)
    if lenient:
        yield Form("whole", "(?:0|-?[1-9][0-9]{0,17})")
        yield Form("number", rf"-?{WHOLE}\.[0-9]{{1,25}}", is_exact=True)
        yield Form("word", "(?:true|false)")


_KINDS: dict[str, Callable[[Column, bool], Iterator[Form]]] = {
    "string": _string,
    "bigint": _whole,
    "int": _whole,
    "decimal": _decimal,
    "double": _double,
    "boolean": _boolean,
    "timestamp": _timestamp,
    "date": _date,
}
