"""Reads one line as strictly as RFC 8259 and the contract's limits ask."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from lakegate.contract.model import Limits
from lakegate.files.errors import LineFault
from lakegate.files.reasons import Code

BLANK = b" \t\r\n"
STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
PAIR = re.compile(r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# What a parser stumbles over where a file breaks off in a number, a word or an escape.
UNFINISHED = re.compile(
    r"(?:-|\.|[eE][+-]?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|\\?u?[0-9a-fA-F]{0,4})?[ \t\r]*"
)


class Number(str):
    """The token of a JSON number, as it was written."""

    __slots__ = ()


class Repeated(dict[str, Any]):
    """An object that names a key more than once, with the last value of each."""


def _constant(token: str) -> NoReturn:
    raise LineFault(Code.NON_FINITE, f"{token} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else Repeated(value)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=Number, parse_int=Number
)
decode = _DECODER.raw_decode


def is_blank(line: bytes) -> bool:
    """Whether nothing stands on a line but what JSON calls white space."""
    return not line.strip(BLANK)


def parse(line: bytes, limits: Limits) -> dict[str, Any]:
    """The object on one line, its numbers as `Number`. Raises LineFault.

    A key that the outermost object names twice is a fault; deeper down the last one counts.
    """
    return parsed(line, decoded(line, limits))


def decoded(line: bytes, limits: Limits) -> str:
    """The text of a line that keeps the limits. Raises LineFault."""
    if len(line) > limits.max_line_bytes:
        raise LineFault(Code.LINE_TOO_LONG, f"a line is over {limits.max_line_bytes} bytes")
    if b"\0" in line:
        raise LineFault(Code.NUL_BYTE, "a line holds a NUL byte", line.index(b"\0"))
    if line.count(b"{") + line.count(b"[") > limits.max_depth:
        _check_depth(line, limits.max_depth)
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        raise LineFault(Code.NOT_UTF8, "invalid UTF-8", error.start, cut_off=cut) from error


def parsed(line: bytes, text: str) -> dict[str, Any]:
    """The object on a line that was decoded to `text`. Raises LineFault."""
    start = 0 if text[:1] == "{" else len(text) - len(text.lstrip(" \t\r"))
    try:
        value, end = decode(text, start)
    except json.JSONDecodeError as error:
        raise LineFault(
            Code.SYNTAX,
            f"{error.msg} (column {error.pos + 1})",
            len(text[: error.pos].encode()),
            cut_off=_is_cut_off(error, text),
        ) from error
    if end != len(text) and (rest := text[end:].strip(" \t\r")):
        several = rest[0] in '{["'
        code = Code.SEVERAL_VALUES if several else Code.SYNTAX
        at = len(text[:end].encode())
        raise LineFault(code, f"more follows the first value (column {end + 1})", at)
    if type(value) is not dict:
        raise _no_row(value)
    if b"\\" in line and SURROGATE.search(PAIR.sub(" ", text)):
        raise LineFault(Code.LONE_SURROGATE, "a string holds half a surrogate pair")
    return value


def _no_row(value: Any) -> LineFault:
    if isinstance(value, Repeated):
        return LineFault(Code.DUPLICATE_KEY, "an object names a field twice")
    return LineFault(Code.NOT_AN_OBJECT, "the line is not an object")


def _check_depth(line: bytes, limit: int) -> None:
    depth = 0
    for bracket in STRING.sub(b"", line).translate(None, NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > limit:
            raise LineFault(Code.TOO_DEEP, f"a line nests deeper than {limit} levels")


def _is_cut_off(error: json.JSONDecodeError, text: str) -> bool:
    unterminated = error.msg.startswith("Unterminated string")
    return unterminated or bool(UNFINISHED.fullmatch(text, error.pos))
