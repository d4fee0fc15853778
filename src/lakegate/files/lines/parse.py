"""Reads one line as strictly as RFC 8259 and the contract's limits ask."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from lakegate.contract.model import Limits
from lakegate.files.errors import LineFault
from lakegate.files.reasons import Code

BLANK = b" \t\r\n"
INT64 = range(-(2**63), 2**63)
SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
# What a parser stumbles over where a file breaks off in a number, a word or an escape.
UNFINISHED = re.compile(
    r"(?:-|\.|[eE][+-]?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|\\?u?[0-9a-fA-F]{0,4})?[ \t\r]*"
)
BRACKET = re.compile(rb"[\[\]{}]")


class Number(str):
    """The token of a JSON number with a fraction or an exponent, kept exact."""

    __slots__ = ()


def _number(token: str) -> Number:
    if not math.isfinite(float(token)):
        raise LineFault(Code.NUMBER_OUT_OF_RANGE, "a number is beyond double range")
    return Number(token)


def _integer(token: str) -> int:
    if len(token) > 20 or (value := int(token)) not in INT64:
        raise LineFault(Code.NUMBER_OUT_OF_RANGE, "an integer is beyond 64 bits")
    return value


def _constant(token: str) -> NoReturn:
    raise LineFault(Code.NON_FINITE, f"{token} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise LineFault(Code.DUPLICATE_KEY, "an object names a field twice")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_constant, parse_float=_number, parse_int=_integer
)


def parse(line: bytes, limits: Limits) -> dict[str, Any]:
    """The object on one line, numbers with fraction or exponent as `Number`. Raises LineFault."""
    if len(line) > limits.max_line_bytes:
        raise LineFault(Code.LINE_TOO_LONG, f"a line is over {limits.max_line_bytes} bytes")
    if b"\0" in line:
        raise LineFault(Code.NUL_BYTE, "a line holds a NUL byte", line.index(b"\0"))
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        raise LineFault(Code.NOT_UTF8, "invalid UTF-8", error.start, cut_off=cut) from error
    if line.count(b"{") + line.count(b"[") > limits.max_depth:
        _check_depth(line, limits.max_depth)
    start = len(text) - len(text.lstrip(" \t\r"))
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise LineFault(
            Code.SYNTAX,
            f"{error.msg} (column {error.pos + 1})",
            len(text[: error.pos].encode()),
            cut_off=_is_cut_off(error, text),
        ) from error
    rest = text[end:].strip(" \t\r")
    if rest:
        several = rest[0] in '{["'
        code = Code.SEVERAL_VALUES if several else Code.SYNTAX
        at = len(text[:end].encode())
        raise LineFault(code, f"more follows the first value (column {end + 1})", at)
    if not isinstance(value, dict):
        raise LineFault(Code.NOT_AN_OBJECT, "the line is not an object")
    if SURROGATE_ESCAPE.search(line):
        _check_surrogates(value)
    return value


def _check_depth(line: bytes, limit: int) -> None:
    depth = 0
    for bracket in BRACKET.finditer(STRING.sub(b"", line)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > limit:
            raise LineFault(Code.TOO_DEEP, f"a line nests deeper than {limit} levels")


def _check_surrogates(value: dict[str, Any]) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise LineFault(Code.LONE_SURROGATE, "a string holds half a surrogate pair") from error


def _is_cut_off(error: json.JSONDecodeError, text: str) -> bool:
    unterminated = error.msg.startswith("Unterminated string")
    return unterminated or bool(UNFINISHED.fullmatch(text, error.pos))
