"""A second reader of lines, written from the rules alone: slow, by other means, and no copy.

JSON is read letter by letter, numbers are fractions, days are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

DIGITS = "0123456789"
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
UNITS: dict[str, int | Fraction] = {"s": 10**6, "ms": 10**3, "us": 1, "ns": Fraction(1, 1000)}


class Malformed(ValueError):
    """The line is not exactly one JSON object."""


class Wrong(ValueError):
    """The token is no value of its column."""


@dataclass
class Number:
    """A JSON number as it is written."""

    text: str


class Text:
    """Reads one JSON value after the other."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, wanted: str) -> None:
        if not self.text.startswith(wanted, self.at):
            raise Malformed
        self.at += len(wanted)

    def blanks(self) -> None:
        while self.peek() and self.peek() in " \t\r\n":
            self.at += 1

    def value(self, outermost: bool = False) -> Any:
        self.blanks()
        first = self.peek()
        if first == "{":
            return self.members(outermost)
        if first == "[":
            return self.items()
        if first == '"':
            return self.string()
        for word, meaning in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.take(word)
                return meaning
        return self.number()

    def members(self, outermost: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.take("{")
        self.blanks()
        while self.peek() != "}":
            self.blanks()
            key = self.string()
            if outermost and key in found:
                raise Malformed
            self.blanks()
            self.take(":")
            found[key] = self.value()
            self.blanks()
            if self.peek() != "}":
                self.take(",")
                self.blanks()
                if self.peek() == "}":
                    raise Malformed
        self.take("}")
        return found

    def items(self) -> list[Any]:
        found = []
        self.take("[")
        self.blanks()
        while self.peek() != "]":
            found.append(self.value())
            self.blanks()
            if self.peek() != "]":
                self.take(",")
                self.blanks()
                if self.peek() == "]":
                    raise Malformed
        self.take("]")
        return found

    def string(self) -> str:
        units: list[int] = []
        self.take('"')
        while (letter := self.peek()) != '"':
            if not letter or letter < " ":
                raise Malformed
            self.at += 1
            if letter != "\\":
                code = ord(letter)
            else:
                kind = self.peek()
                self.at += 1
                code = self.hexadecimal() if kind == "u" else ord(ESCAPES.get(kind, "\0"))
                if kind != "u" and kind not in ESCAPES:
                    raise Malformed
            units.append(code)
        self.take('"')
        return _joined(units)

    def hexadecimal(self) -> int:
        digits = self.text[self.at : self.at + 4]
        if len(digits) < 4 or any(d not in "0123456789abcdefABCDEF" for d in digits):
            raise Malformed
        self.at += 4
        return int(digits, 16)

    def number(self) -> Number:
        start = self.at
        if self.peek() == "-":
            self.at += 1
        if self.peek() == "0":
            self.at += 1
        else:
            self.digits()
        if self.peek() == ".":
            self.at += 1
            self.digits()
        if self.peek() in ("e", "E"):
            self.at += 1
            if self.peek() in ("+", "-"):
                self.at += 1
            self.digits()
        return Number(self.text[start : self.at])

    def digits(self) -> None:
        start = self.at
        while self.peek() and self.peek() in DIGITS:
            self.at += 1
        if self.at == start:
            raise Malformed


def _joined(units: Sequence[int]) -> str:
    letters, waiting = [], 0
    for code in units:
        if waiting:
            if not 0xDC00 <= code < 0xE000:
                raise Malformed
            letters.append(chr(0x10000 + (waiting - 0xD800) * 0x400 + code - 0xDC00))
            waiting = 0
        elif 0xD800 <= code < 0xDC00:
            waiting = code
        elif 0xDC00 <= code < 0xE000:
            raise Malformed
        else:
            letters.append(chr(code))
    if waiting:
        raise Malformed
    return "".join(letters)


def line(data: bytes, deepest: int = 64) -> dict[str, Any]:
    """The object of a line. Raises Malformed."""
    try:
        text = Text(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Malformed from error
    if b"\0" in data:
        raise Malformed
    found = text.value(outermost=True)
    text.blanks()
    if text.peek() or not isinstance(found, dict) or _depth(found) > deepest:
        raise Malformed
    return found


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, dict | list)) + max(map(_depth, inner), default=0)


def cast(kind: str, token: Any, casts: str, epoch: str | None = None) -> tuple[Any, bool]:
    """A token's value, None for null, and whether it is rounded. Raises Wrong.

    Instants are microseconds since 1970, dates are days since then, decimals fractions.
    """
    lenient = casts == "lenient"
    if token is None:
        return None, False
    if isinstance(token, Number):
        measure(token.text)
    if kind == "string":
        return _string(token, lenient), False
    if lenient and isinstance(token, str):
        token = token.strip(" \t\r\n")
        if not token:
            return None, False
    if kind.startswith("decimal"):
        return _decimal(kind, token)
    if kind in ("timestamp", "date"):
        return _moment(kind, token, lenient, epoch), False
    read = {"bigint": _bigint, "int": _int, "double": _double, "boolean": _boolean}[kind]
    return read(token, lenient), False


def measure(text: str) -> None:
    """Raises Wrong for a number that is too long or has too large an exponent."""
    exponent = text.lower().partition("e")[2]
    if len(text) > 1000 or (exponent and abs(int(exponent)) > 999):
        raise Wrong


def exact(token: Any) -> Fraction:
    """The number of a token or of a text of one; a sign `+` and zeroes in front are no matter."""
    text = token.text if isinstance(token, Number) else token
    if not isinstance(text, str) or len(text) > 1000:
        raise Wrong
    plain = text[1:] if text[:1] in ("+", "-") else text
    digits, _, exponent = plain.replace("E", "e").partition("e")
    whole, point, fraction = digits.partition(".")
    signless = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    parts = [whole, *([fraction] if point else []), *([signless] if "e" in plain.lower() else [])]
    if any(not part or any(letter not in DIGITS for letter in part) for part in parts):
        raise Wrong
    measure(text)
    value = Fraction(int(whole + fraction), 10 ** len(fraction)) * Fraction(10) ** int(
        exponent or 0
    )
    return -value if text[0] == "-" else value


def _string(token: Any, lenient: bool) -> str:
    if isinstance(token, str):
        return token
    if lenient and isinstance(token, Number):
        return token.text
    if lenient and isinstance(token, bool):
        return "true" if token else "false"
    raise Wrong


def _double(token: Any, lenient: bool) -> float:
    if not isinstance(token, Number) and not (lenient and isinstance(token, str)):
        raise Wrong
    return float(exact(token))


def _bigint(token: Any, lenient: bool) -> int:
    return _whole(token, lenient, 2**63)


def _int(token: Any, lenient: bool) -> int:
    return _whole(token, lenient, 2**31)


def _whole(token: Any, lenient: bool, most: int) -> int:
    is_plain = isinstance(token, Number) and all(letter in "-" + DIGITS for letter in token.text)
    if not is_plain and (not lenient or isinstance(token, bool)):
        raise Wrong
    value = exact(token)
    if value.denominator != 1 or not -most <= value < most:
        raise Wrong
    return int(value)


def _decimal(kind: str, token: Any) -> tuple[Fraction, bool]:
    precision, scale = map(int, kind[8:-1].split(","))
    value = exact(token)
    size = abs(value) * 10**scale
    rounded = Fraction(int(size + Fraction(1, 2)), 10**scale)
    if rounded >= 10 ** (precision - scale):
        raise Wrong
    return (rounded if value > 0 else -rounded), rounded != abs(value)


def _boolean(token: Any, lenient: bool) -> bool:
    if isinstance(token, bool):
        return token
    text = token.text if isinstance(token, Number) else token
    if lenient and isinstance(text, str) and text.isascii():
        if text.lower() in ("true", "t", "yes", "y", "1"):
            return True
        if text.lower() in ("false", "f", "no", "n", "0"):
            return False
    raise Wrong


def _moment(kind: str, token: Any, lenient: bool, epoch: str | None) -> int:
    micros = None
    if isinstance(token, str):
        if kind == "date" and not lenient:
            if len(token) != len("YYYY-MM-DD"):
                raise Wrong
            return day(token)
        micros = written(token, lenient, epoch)
    if micros is None:
        if not lenient or isinstance(token, bool) or not isinstance(token, Number | str):
            raise Wrong
        micros = counted(exact(token), epoch)
    if not day("0001-01-01") <= micros // (86400 * 10**6) <= day("9999-12-31"):
        raise Wrong
    return micros // (86400 * 10**6) if kind == "date" else micros


def counted(number: Fraction, epoch: str | None) -> int:
    """Microseconds of a count since 1970; its digits behind them are cut."""
    if epoch is None:
        for least, unit in ((10**17, "ns"), (10**14, "us"), (10**11, "ms"), (10**8, "s")):
            if abs(number) >= least:
                epoch = unit
                break
        else:
            raise Wrong
    return int(number * UNITS[epoch])


def written(text: str, lenient: bool, epoch: str | None) -> int | None:
    """Microseconds of a written instant; None for a text that may be a count."""
    if lenient and epoch is None and len(text) == 8 and all(letter in DIGITS for letter in text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if len(text) < 10 or text[4] != "-":
        return None
    days, rest = day(text[:10], years=range(10_000)), text[10:]
    if not rest and lenient:
        return days * 86400 * 10**6
    if rest[:1] != "T" and not (lenient and rest[:1] == " "):
        raise Wrong
    zone, rest = 0, rest[1:]
    if lenient and rest.endswith(" UTC"):
        rest = rest[:-4]
    elif rest.endswith("Z"):
        rest = rest[:-1]
    else:
        for sign in "+-":
            if sign in rest:
                rest, _, offset = rest.partition(sign)
                zone = _offset(offset) * (1 if sign == "+" else -1)
    return days * 86400 * 10**6 + _clock(rest) - zone * 60 * 10**6


def _clock(text: str) -> int:
    clock, point, fraction = text.partition(".")
    parts = clock.split(":")
    if len(parts) not in (2, 3) or (point and len(parts) == 2) or (point and not fraction):
        raise Wrong
    if any(letter not in DIGITS for letter in "".join(parts) + fraction):
        raise Wrong
    if any(len(part) != 2 for part in parts):
        raise Wrong
    hour, minute, second = [*map(int, parts), 0][:3]
    if hour > 23 or minute > 59 or second > 59:
        raise Wrong
    return ((hour * 60 + minute) * 60 + second) * 10**6 + int((fraction + "000000")[:6])


def _offset(text: str) -> int:
    hours, minutes = text[:2], text[2:].removeprefix(":") if len(text) > 3 else text[2:]
    if len(hours) != 2 or len(minutes) not in (0, 2):
        raise Wrong
    if any(letter not in DIGITS for letter in hours + minutes):
        raise Wrong
    if int(hours) > 14 or int(minutes or 0) > 59:
        raise Wrong
    return int(hours) * 60 + int(minutes or 0)


def day(text: str, years: range = range(1, 10_000)) -> int:
    """Days from 1970 to a day that is written YYYY-MM-DD, counted by years and months."""
    if (
        text[4] != "-"
        or text[7] != "-"
        or any(c not in DIGITS for c in text[:4] + text[5:7] + text[8:])
    ):
        raise Wrong
    year, month, date = int(text[:4]), int(text[5:7]), int(text[8:])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if year not in years or not 1 <= month <= 12 or not 1 <= date <= lengths[month - 1]:
        raise Wrong
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    return days + sum(lengths[: month - 1]) + date - 719_163
