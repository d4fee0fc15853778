"""The words of a pattern in each dialect of regular expressions, and the SQL that goes with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from lakegate.files.lines.proof.layout import Layout
from lakegate.files.lines.proof.taking import DuckDB, Spark

Dialect = Literal["java", "re2", "python"]

# Written one by one, for which Java looks up a bit; for a range it calls a function. They stand as
# they are but for NUL, as Spark compares the whole pattern with itself at each line.
CONTROLS = r"\x00" + "".join(map(chr, range(1, 32)))
HEX = "[0-9a-fA-F]"
PAIR = rf"[dD][89abAB]{HEX}{HEX}\\u[dD][c-fC-F]{HEX}{HEX}"
ESCAPE = (
    rf'\\(?:["\\/bfnrt]|u(?:00(?:0[1-9a-fA-F]|[1-9a-fA-F]{HEX})|0[1-9a-fA-F]{HEX}{HEX}'
    rf"|(?:[1-9a-cA-CeEfF]{HEX}|[dD][0-7]){HEX}{HEX}|{PAIR}))"
)
# The same for what can look ahead.
SHORT_ESCAPE = rf'\\(?:["\\/bfnrt]|u(?:(?!0000|[dD][89a-fA-F]){HEX}{{4}}|{PAIR}))'
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
SHORT_NUMBER = r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?"


class Vocabulary:
    """What the parts of a line look like in a dialect, with the blanks that a layout has."""

    def __init__(self, dialect: Dialect, layout: Layout) -> None:
        self.dialect = dialect
        self.has_escapes = layout.has_escapes
        self.engine = DuckDB() if dialect == "re2" else Spark()
        self.possessive = "" if dialect == "re2" else "+"
        self.is_compact = not any(layout.blanks.values())
        blank = {place: self._possessive(pattern) for place, pattern in layout.blanks.items()}
        self.comma = f"{blank['before_comma']},{blank['after_comma']}"
        self.colon = f"{blank['before_colon']}:{blank['after_colon']}"
        self.start, self.end = blank["after_open"], blank["before_close"]
        self.last = self._possessive(r"[ \t\r]*")
        self.body = self._body()
        self.string = f'"{self.body}"'
        self.scalar = f"(?:{self.string}|{NUMBER}|true|false|null)"

    def _possessive(self, pattern: str) -> str:
        return pattern + self.possessive if pattern[-1:] in ("?", "*") else pattern

    def _body(self) -> str:
        if self.dialect == "re2":
            return rf'(?:[^"\\\x00-\x1f]|{ESCAPE})*'
        # Java has a loop of its own for what is greedy, and none for what is possessive. What
        # follows is in no such run, so that nothing is tried twice.
        many = "*" if self.dialect == "java" else "*+"
        plain = rf'[^"\\{CONTROLS}]{many}'
        return f"{plain}(?:{SHORT_ESCAPE}{plain})*+"

    def maybe(self, pattern: str) -> str:
        """The pattern or nothing."""
        return f"(?:{pattern})?{self.possessive}"

    def some(self, pattern: str) -> str:
        """The pattern any number of times, commas between, and then what closes a container."""
        if self.dialect != "re2":
            # Named once, as it may hold containers that hold containers.
            closing = rf"{self.last}[\]}}]"
            return f"(?:{pattern}(?:{self.comma}(?!{closing})|(?={closing})))*+"
        return self.maybe(f"{pattern}(?:{self.comma}{pattern})*{self.possessive}")

    def json_scalar(self, casts: str) -> str:
        """A value of a JSON column that is no container; null and what counts as null are not."""
        text = self.string if casts == "strict" else rf'"[^"\\ {CONTROLS}]{self.body}"'
        return f"{text}|{SHORT_NUMBER}|true|false"


def one_of(options: Iterable[str]) -> str:
    """A pattern of several."""
    found = list(options)
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"
