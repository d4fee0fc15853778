"""Where JSON values end in a text, found without making anything of what stands in them.

Files are read as bytes. Where the C scanner of the standard library is asked, it gets the same
bytes as Latin-1: what matters to JSON is ASCII, so places in the one are places in the other.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import NamedTuple

BLANK = b" \t\r\n"
BLANKS = rb"[ \t\r\n]*+"
STRING = rb'"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+"'
# Numbers and words, wrong ones included: the judge of lines knows better.
WORD = rb"[-+.0-9A-Za-z]++"
# Objects that nest deeper are left to the C scanner.
PLAIN_DEPTH = 2
SKIP_BLANKS = re.compile(rb"[ \t\r\n]*+")
BREAK = re.compile(rb"[ \t]*+[\r\n][ \t\r\n]*+")
# What the scanner stumbles over where a text breaks off in a number, a word or an escape.
UNFINISHED = re.compile(
    r"(?:-|\.|[eE][+-]?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|N(?:a)?|-?I[a-z]{0,7}"
    r"|\\?u?[0-9a-fA-F]{0,4})?[ \t\r\n]*"
)


def _plain_value(depth: int) -> bytes:
    nested = rb"|" + plain_object(depth - 1) + rb"|" + _array(depth - 1) if depth else b""
    return rb"(?:" + STRING + rb"|" + WORD + nested + rb")"


def plain_object(depth: int = PLAIN_DEPTH) -> bytes:
    """The pattern of a whole object that nests no deeper."""
    member = BLANKS + STRING + BLANKS + b":" + BLANKS + _plain_value(depth) + BLANKS
    return rb"\{(?:" + member + rb"(?:," + member + rb")*+|" + BLANKS + rb")\}"


def _array(depth: int) -> bytes:
    item = BLANKS + _plain_value(depth) + BLANKS
    return rb"\[(?:" + item + rb"(?:," + item + rb")*+|" + BLANKS + rb")\]"


class Found(Enum):
    """What stands at a place of a text."""

    WHOLE = "whole"
    UNFINISHED = "unfinished"
    BROKEN = "broken"


class Value(NamedTuple):
    """What stands at a place, and where it ends if it is whole."""

    found: Found
    end: int = -1


# Characters of a text that are looked at before all of it is.
LOOKS = (2**12, 2**16)
_SCANNER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def value_at(text: str, start: int) -> Value:
    """The value that begins at a place; unfinished where the end of the text cuts it off.

    A little of the text is looked at first: an error costs as much as the text before it is long.
    """
    for size in LOOKS:
        if len(text) - start <= size:
            break
        value = _value(text[start : start + size])
        if value.found is Found.BROKEN:
            return value
        if value.found is Found.WHOLE and value.end < size:
            return Value(Found.WHOLE, start + value.end)
    value = _value(text[start:])
    return Value(Found.WHOLE, start + value.end) if value.found is Found.WHOLE else value


def _value(text: str) -> Value:
    try:
        _, end = _SCANNER.raw_decode(text)
    except json.JSONDecodeError as error:
        cut = error.msg.startswith("Unterminated string")
        if cut or UNFINISHED.fullmatch(text, error.pos):
            return Value(Found.UNFINISHED)
        return Value(Found.BROKEN)
    except RecursionError:
        return Value(Found.BROKEN)
    return Value(Found.WHOLE, end)


def object_end(text: str, start: int) -> int:
    """Where the object that begins at a place ends, if that is near; -1 otherwise."""
    try:
        return start + _SCANNER.raw_decode(text[start : start + LOOKS[0]])[1]
    except (json.JSONDecodeError, RecursionError):
        return -1


def has_objects(text: str, start: int) -> bool:
    """Whether the value at a place is an array with an object among its elements."""
    if value_at(text, start).found is not Found.WHOLE:
        return False
    value, _ = _SCANNER.raw_decode(text, start)
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def skip_blanks(text: bytes, start: int) -> int:
    """The place of the first byte from `start` on that is no white space."""
    match = SKIP_BLANKS.match(text, start)
    assert match is not None
    return match.end()


def on_one_line(values: list[bytes]) -> bytes:
    """Whole values as lines, without the line breaks between their tokens.

    A string holds no control character, so each break is one between tokens.
    """
    joined = b"\0".join(values) + b"\0"
    if b"\r" in joined:
        joined = BREAK.sub(b"", joined)
    elif b"\n" in joined:
        joined = b"".join(map(bytes.lstrip, joined.split(b"\n")))
    return joined.replace(b"\0", b"\n")


def blemished(text: bytes) -> bytes:
    """A broken record as a line that is as broken, whatever line breaks stood in it."""
    text = text.strip(BLANK) or b","
    return text.replace(b"\n", b"\x0b").replace(b"\r", b"\x0b") + b"\n"
