"""Values of data as they may stand in a contract and on a terminal."""

from __future__ import annotations

LONGEST = 24


def in_quotes(text: str) -> str:
    """A text in double quotes; what ends a line, or steers a terminal, stands as its escape."""
    return '"' + "".join(map(_character, text)) + '"'


def shown(text: str) -> str:
    """The beginning of a text, in quotes."""
    return in_quotes(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
