"""Regular expressions as far as Java's and RE2 are one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds

# What may follow each other: a class, an escape, a group, a quantifier, an anchor, a character.
PART = re.compile(
    r"""\[\^?(?:\\[\\\]\[^.dw/-]|[^\\\[\]&~])+\] | \\[\\.dwDW+*?()\[\]{}|^$/-] | \((?:\?:)? | \)
    | \{[0-9]{1,3}(?:,[0-9]{0,3})?\}\?? | [*+?]\?? | \| | \^ | \$ | [^\\\[\](){}*+?|^$]""",
    re.VERBOSE,
)
DOT = {".": r"[^\n\r\x{85}\x{2028}\x{2029}]"}
# The end is also before the last line break; a match is longer by that, which alone does not show.
DOT_AND_END = DOT | {"$": r"(?:\r\n|[\n\r\x{85}\x{2028}\x{2029}])?$"}
NOT_REPEATED = ("", "(", "(?:", "|", "^")
ESCAPED = re.compile(r"(\\[dw])-|\\.")  # with the class that a hyphen stands behind
REPEATED = re.compile(r"(?:[*+?]\??|\{[0-9,]+\}\??)\Z")


def safe(pattern: str | None) -> str:
    """The pattern. Raises SqlError where the engines would read it differently."""
    if pattern is None:
        raise SqlError("a pattern must be a text in quotes")
    place, before = 0, ""
    opened: list[int] = []  # where the groups around begin
    while place < len(pattern):
        found = PART.match(pattern, place)
        is_repeat = found is not None and REPEATED.match(found[0]) is not None
        if found is None or (is_repeat and (before in NOT_REPEATED or REPEATED.match(before))):
            raise SqlError(
                f"the pattern {pattern!r} is read differently at {pattern[place:][:8]!r}: use "
                "characters, [a-z], \\d, \\w, ., groups, |, ^, $ and * + ? {n,m}"
            )
        if found[0].startswith("("):
            opened.append(place)
        elif found[0] == ")" and opened:
            group = pattern[opened.pop() : found.end()]
            is_repeated = pattern[found.end() :].startswith(("*", "+", "{"))
            if group == "(?:)" or (is_repeated and _compiled(group).fullmatch("")):
                raise SqlError(f"the pattern {pattern!r} repeats what may be nothing: {group}")
        place, before = found.end(), found[0]
    _compiled(pattern)
    return pattern


def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for Python, which alone takes a hyphen behind a class for a range."""
    known = ESCAPED.sub(lambda part: f"{part[1]}\\-" if part[1] else part[0], pattern)
    try:
        return re.compile(known)
    except re.error as error:
        raise SqlError(f"the pattern {pattern!r}: {error}") from error


def _pattern(constants: Sequence[str | None], instead: Mapping[str, str] = DOT) -> str:
    """The pattern for DuckDB, whose dot would match more ends of lines than Java's."""
    parts = PART.finditer(safe(constants[1]))
    return _quoted("".join(instead.get(part[0], part[0]) for part in parts))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _matches(_: Kinds, constants: Sequence[str | None]) -> str:
    return f"regexp_matches({{0}}, {_pattern(constants, DOT_AND_END)})"


def _extract(_: Kinds, constants: Sequence[str | None]) -> str:
    group = constants[2] if len(constants) > 2 else "1"
    if group is None or not group.isdecimal() or int(group) > 9:
        raise SqlError("regexp_extract: the group must be a number from 0 to 9")
    pattern = _pattern(constants)
    if int(group) > _compiled(constants[1] or "").groups:
        raise SqlError(f"regexp_extract: the pattern has no group {group}; 0 is all that matches")
    return f"regexp_extract({{0}}, {pattern}, {group})"


def _replace(_: Kinds, constants: Sequence[str | None]) -> str:
    new = constants[2]
    if new is None or "\\" in new:
        raise SqlError("regexp_replace: the new text must be in quotes and without \\")
    pattern = _pattern(constants)
    if _compiled(constants[1] or "").search(""):
        raise SqlError(
            "regexp_replace: a pattern that matches no text at all is replaced differently"
        )
    named = max(map(int, re.findall(r"\$([0-9])", new)), default=0)
    if named > _compiled(constants[1] or "").groups:
        raise SqlError(f"regexp_replace: the pattern has no group {named}; $0 is all that matches")
    groups = re.sub(r"\$([0-9])", r"\\\1", new)
    if "$" in groups:
        raise SqlError("regexp_replace: a $ in the new text must name a group, $1 to $9")
    return f"regexp_replace({{0}}, {pattern}, {_quoted(groups)}, 'g')"


REMARK = "with patterns of the common kind"

PATTERNS = (
    Function("rlike", "string, constant", "boolean", _matches, remark=REMARK),
    Function("regexp", "string, constant", "boolean", _matches, remark=REMARK),
    Function(
        "regexp_extract",
        "string, constant, constant?",
        "string",
        _extract,
        remark="empty where nothing matches; `$` before a last line break aside",
    ),
    Function(
        "regexp_replace",
        "string, constant, constant",
        "string",
        _replace,
        remark="every place; `$` before a last line break aside",
    ),
)
