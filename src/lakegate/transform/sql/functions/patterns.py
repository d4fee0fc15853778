"""Regular expressions as far as Java's and RE2 are one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds

# What may follow each other: a class, an escape, a group, a quantifier, an anchor, a character.
PART = re.compile(
    r"""\[\^?(?:\\[\\\]\[^.dw/-]|[^\\\[\]&~])+\] | \\[\\.dwDW+*?()\[\]{}|^$/-] | \((?:\?:)? | \)
    | \{[0-9]{1,3}(?:,[0-9]{0,3})?\}\?? | [*+?]\?? | \| | \^ | \$ | [^\\\[\](){}*+?|^$]""",
    re.VERBOSE,
)
NOT_REPEATED = ("", "(", "(?:", "|", "^")
REPEATED = re.compile(r"(?:[*+?]\??|\{[0-9,]+\}\??)\Z")


def safe(pattern: str | None) -> str:
    """The pattern. Raises SqlError where the engines would read it differently."""
    if pattern is None:
        raise SqlError("a pattern must be a text in quotes")
    place, before = 0, ""
    while place < len(pattern):
        found = PART.match(pattern, place)
        is_repeat = found is not None and REPEATED.match(found[0]) is not None
        if found is None or (is_repeat and (before in NOT_REPEATED or REPEATED.match(before))):
            raise SqlError(
                f"the pattern {pattern!r} is read differently at {pattern[place:][:8]!r}: use "
                "characters, [a-z], \\d, \\w, ., groups, |, ^, $ and * + ? {n,m}"
            )
        place, before = found.end(), found[0]
    return pattern


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _matches(_: Kinds, constants: Sequence[str | None]) -> str:
    return f"regexp_matches({{0}}, {_quoted(safe(constants[1]))})"


def _extract(_: Kinds, constants: Sequence[str | None]) -> str:
    group = constants[2] if len(constants) > 2 else "1"
    if group is None or not group.isdecimal() or int(group) > 9:
        raise SqlError("regexp_extract: the group must be a number from 0 to 9")
    return f"regexp_extract({{0}}, {_quoted(safe(constants[1]))}, {group})"


def _replace(_: Kinds, constants: Sequence[str | None]) -> str:
    new = constants[2]
    if new is None or "\\" in new:
        raise SqlError("regexp_replace: the new text must be in quotes and without \\")
    if re.search(safe(constants[1]), ""):
        raise SqlError(
            "regexp_replace: a pattern that matches no text at all is replaced differently"
        )
    groups = re.sub(r"\$([0-9])", r"\\\1", new)
    if "$" in groups:
        raise SqlError("regexp_replace: a $ in the new text must name a group, $1 to $9")
    return f"regexp_replace({{0}}, {_quoted(safe(constants[1]))}, {_quoted(groups)}, 'g')"


REMARK = "with patterns of the common kind; text that ends in a line break aside"

PATTERNS = (
    Function("rlike", "string, constant", "boolean", _matches, remark=REMARK),
    Function("regexp", "string, constant", "boolean", _matches, remark=REMARK),
    Function(
        "regexp_extract",
        "string, constant, constant?",
        "string",
        _extract,
        remark="empty where nothing matches",
    ),
    Function(
        "regexp_replace", "string, constant, constant", "string", _replace, remark="every place"
    ),
)
