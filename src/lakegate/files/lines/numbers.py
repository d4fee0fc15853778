"""Numbers from their text, exactly: nothing goes through a float unless a float is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from typing import Any

from lakegate.files.lines.parse import Number
from lakegate.files.lines.values import WRONG, Rounded

LONGEST = 1000  # characters
LARGEST_EXPONENT = 999

_WHOLE = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE]([+-]?[0-9]+))?")
_ROUNDING = Context(prec=100, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def exact(text: str) -> Decimal | None:
    """The number that a text stands for; None for any other text and for one out of bounds."""
    if len(text) > LONGEST or (match := _NUMBER.fullmatch(text)) is None:
        return None
    if match[1] and abs(int(match[1])) > LARGEST_EXPONENT:
        return None
    return Decimal(text)


def is_bounded(token: Number) -> bool:
    """Whether a JSON number has few enough characters and a small enough exponent to be taken."""
    return len(token) < 4 or exact(token) is not None


def whole(bits: int) -> Callable[[Any], Any]:
    """Strict bigint and int: a JSON number without fraction and exponent."""
    bounds = range(-(2 ** (bits - 1)), 2 ** (bits - 1))
    short = len(str(bounds.stop))

    def cast(token: Any) -> Any:
        if type(token) is not Number:
            return WRONG
        if len(token) < short and token.isdigit():
            return int(token)
        if len(token) <= short + 1 and _WHOLE.fullmatch(token) and (value := int(token)) in bounds:
            return value
        return WRONG

    return cast


def any_whole(bits: int) -> Callable[[Any], Any]:
    """Lenient bigint and int: a number, or a text of one, that has no fraction but zeroes."""
    strict = whole(bits)
    bounds = range(-(2 ** (bits - 1)), 2 ** (bits - 1))

    def cast(token: Any) -> Any:
        if (quick := strict(token)) is not WRONG:
            return quick
        number = exact(token) if isinstance(token, str) else None
        if number is None or (number and number.adjusted() > 19):
            return WRONG
        value = int(number)
        return value if value == number and value in bounds else WRONG

    return cast


def double(token: Any) -> Any:
    """Strict double: a JSON number in the range of a double."""
    return _double(token) if type(token) is Number else WRONG


def double_text(token: Any) -> Any:
    """Lenient double: a number, or a text of one, in the range of a double."""
    return _double(token) if isinstance(token, str) else WRONG


def _double(text: str) -> Any:
    if exact(text) is None:
        return WRONG
    value = float(text)
    # Adding zero makes -0.0 the one zero that there is elsewhere.
    return value + 0.0 if abs(value) != float("inf") else WRONG


def decimal(precision: int, scale: int) -> Callable[[Any], Any]:
    """Decimals, strict and lenient: a number or a text of one, rounded half up to the scale."""
    unit, whole_digits = Decimal(1).scaleb(-scale), precision - scale
    usual = re.compile(
        (rf"-?[0-9]{{1,{whole_digits}}}" if whole_digits else "-?0")
        + (rf"(?:\.[0-9]{{1,{scale}}})?" if scale else "")
    )
    zero = Decimal(0).quantize(unit)

    def cast(token: Any) -> Any:
        if not isinstance(token, str):
            return WRONG
        # Minus nought is nought.
        if usual.fullmatch(token):
            return _ROUNDING.quantize(Decimal(token), unit) or zero
        number = exact(token)
        if number is None or (number and number.adjusted() >= whole_digits):
            return WRONG
        value = _ROUNDING.quantize(number, unit) if number else zero
        if value and value.adjusted() >= whole_digits:
            return WRONG
        return (value or zero) if value == number else Rounded(value or zero)

    return cast
