"""One pattern that proves a line good and takes it apart.

What it matches, the judge finds good and gives the same values; what it does not match may be good
all the same and goes to the judge. So does a line over `limits.max_line_bytes` and one that is not
UTF-8, at which a pattern does not look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lakegate.contract.model import Column, Dataset
from lakegate.files.lines.proof.forms import TEXT, Form, forms
from lakegate.files.lines.proof.layout import Layout, Shape
from lakegate.files.lines.proof.taking import DuckDB, Spark, value

Dialect = Literal["java", "re2", "python"]

# Written one by one, for which Java looks up a bit; for a range it calls a function.
CONTROLS = "".join(rf"\x{code:02x}" for code in range(32))
HEX = "[0-9a-fA-F]"
ESCAPE = (
    rf'\\(?:["\\/bfnrt]|u(?:00(?:0[1-9a-fA-F]|[1-9a-fA-F]{HEX})|0[1-9a-fA-F]{HEX}{HEX}'
    rf"|(?:[1-9a-cA-CeEfF]{HEX}|[dD][0-7]){HEX}{HEX}"
    rf"|[dD][89abAB]{HEX}{HEX}\\u[dD][c-fC-F]{HEX}{HEX}))"
)
NUMBER = r"-?(?:0|[1-9][0-9]{0,60})(?:\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,2})?"
NO_BLANK = rf'"[^"\\ {CONTROLS}]'


class NotProvableError(Exception):
    """No pattern can prove a line of that layout good."""


@dataclass(frozen=True)
class Pattern:
    """A regular expression of good lines and the SQL that gives the values of one.

    `regex` is None where nothing can be proven; then all lines are for the judge. It has one group
    for each of the columns in `groups`, in their order. With `java` these are all columns that can
    be there, with `re2` those whose text a JSON library would not give as it was written; the value
    of the others is taken from what `json_extract_string` gives at the column's path. `values` has
    the SQL of each column.
    """

    regex: str | None
    groups: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    def value(self, column: Column, text: str) -> str:
        """SQL of the value of a column; `text` is SQL of the text of its group or, see above, of
        its JSON value; the text of a group that took no part may be empty or null."""
        return dict(self.values)[column.name].replace("{x}", text)


def pattern(dataset: Dataset, layout: Layout | None, casts: str, dialect: Dialect) -> Pattern:
    """The pattern of the lines of a layout, by strict or lenient casts.

    `java` and `re2` patterns match a whole line. A `python` pattern is for `validation: full`: it
    only proves that a line breaks no row rule, whatever its optional columns hold.
    """
    builder = _Builder(dataset, layout, casts, dialect)
    try:
        return builder.pattern()
    except NotProvableError:
        return Pattern(None)


class _Builder:
    def __init__(
        self, dataset: Dataset, layout: Layout | None, casts: str, dialect: Dialect
    ) -> None:
        # A line is good whatever its optional columns hold.
        self.columns = dataset.required if dialect == "python" else dataset.columns
        self.keys = [column.path[0] for column in dataset.columns]
        self.layout = layout
        self.casts = casts
        self.dialect = dialect
        self.engine = DuckDB() if dialect == "re2" else Spark()
        self.at = {column.path: column for column in self.columns}
        self.groups: list[str] = []
        self.values: dict[str, str] = {}
        self.possessive = "" if dialect == "re2" else "+"
        self.text = '"' + self._body() + '"'
        self.scalar = f"(?:{self.text}|{NUMBER}|true|false|null)"

    def pattern(self) -> Pattern:
        """The whole of it. Raises NotProvableError."""
        layout = self.layout
        if layout is None or len(self.at) < len(self.columns):
            raise NotProvableError
        self.blank = {
            place: blank.replace("*", "*" + self.possessive).replace("?", "?" + self.possessive)
            for place, blank in layout.blanks.items()
        }
        regex = self._object(self._with_columns(layout.top), ()) + rf"[ \t\r]*{self.possessive}"
        if self.dialect != "python":
            regex = rf"^{regex}\z"
        for column in self.columns:
            nothing = f"cast(null as {self.engine.types.get(column.type, column.type)})"
            self.values.setdefault(column.name, nothing)
        return Pattern(regex, tuple(self.groups), tuple(self.values.items()))

    def _with_columns(self, top: Shape) -> Shape:
        """The outermost object with the optional columns that no line had yet."""
        unseen = [key for key in self.keys if key not in (top.members or {})]
        members = {**(top.members or {}), **{key: Shape() for key in unseen}}
        return Shape(members=members, always=top.always)

    def _value(self, shape: Shape, path: tuple[str, ...]) -> str:
        """What may stand at a path: a column, an object with columns, or anything that was seen."""
        below = [column for column in self.columns if _is_below(column, path)]
        column = self.at.get(path)
        if not below:
            return self._any(shape) if column is None else self._token(column, shape)
        is_needed = any(c.required for c in [*below, *([column] if column else [])])
        if shape.members is None or shape.is_map or (column and column.type != "json"):
            if is_needed or column is not None:
                raise NotProvableError
            return "null"
        place = len(self.groups)
        inner = self._object(shape, path)
        if column is not None:
            inner = self._group(column, inner, place)
        return inner if is_needed else f"(?:{inner}|null)"

    def _token(self, column: Column, shape: Shape) -> str:
        """One column's tokens, captured where the dialect needs it."""
        if column.type == "json":
            token = self._group(column, self._any(shape, as_json=True), len(self.groups))
            return self._or_null(column, token)
        used = self._used(forms(column, self.casts), shape, column)
        return self._or_null(column, self._of_forms(column, used))

    def _used(self, known: Sequence[Form], shape: Shape, column: Column) -> list[Form]:
        """The forms that were seen, the first that fits each token, and at least one."""
        fitting = (next((f for f in known if f.fits(token)), None) for token in shape.scalars)
        used = {form.name: form for form in fitting if form is not None}
        empty = None if column.required else used.pop("empty", None)
        used.pop("empty", None)
        if not used and not known:
            raise NotProvableError
        return [*(used.values() or known[:1]), *([empty] if empty else [])]

    def _or_null(self, column: Column, token: str) -> str:
        return token if column.required else f"(?:{token}|null)"

    def _of_forms(self, column: Column, used: Sequence[Form]) -> str:
        names = [form.name for form in used]
        quoted = [self._body() if f.name == TEXT else f.body for f in used if f.quoted]
        bare = [form.body for form in used if not form.quoted]
        is_captured = self.dialect == "java" or any(form.is_exact for form in used)
        nullable = "empty" in names or (is_captured and not column.required)
        if is_captured and column.type == "string" and not column.allowed:
            sql = self._string(column, quoted, bare)
        else:
            x = "replace({x}, '\"', '')" if is_captured and quoted and bare else "{x}"
            sql = value(column, names, self.engine).replace("{x}", x)
            sql = f"if({x} = '', null, {sql})" if nullable else sql
        self.values[column.name] = sql
        return self._captured(column, quoted, bare, is_captured=is_captured)

    def _string(self, column: Column, quoted: list[str], bare: list[str]) -> str:
        engine = self.engine
        nothing = "{x}" if column.required else "nullif({x}, '')"
        if not quoted:
            return nothing
        if bare:
            text = engine.unescaped("substr({x}, 2, length({x}) - 2)")
            return f"if(substr({{x}}, 1, 1) = '\"', {text}, {nothing})"
        if column.required:
            return engine.unescaped("{x}")
        return f"if({{x}} = '', null, {engine.unescaped('substr({x}, 2)')})"

    def _captured(
        self, column: Column, quoted: list[str], bare: list[str], *, is_captured: bool
    ) -> str:
        if not is_captured or self.dialect == "python":
            return _one_of([*(f'"{_one_of(quoted)}"' for _ in quoted[:1]), *bare])
        self.groups.append(column.name)
        if quoted and bare:
            return "(" + "|".join([f'"{_one_of(quoted)}"', *bare]) + ")"
        if bare:
            return f"({'|'.join(bare)})"
        if column.type == "string" and not column.allowed and not column.required:
            return f'("{_one_of(quoted)})"'
        return f'"({"|".join(quoted)})"'

    def _group(self, column: Column, inner: str, place: int) -> str:
        """A JSON column around what stands there."""
        if self.dialect == "python":
            return inner
        self.groups.insert(place, column.name)
        compact = not any(self.blank.values())
        text = "{x}" if compact else self.engine.compact("{x}")
        self.values[column.name] = text if column.required else f"if({{x}} = '', null, {text})"
        return f"({inner})"

    def _object(self, shape: Shape, path: tuple[str, ...] | None) -> str:
        """An object with its keys in order; one without a path holds no columns."""
        members = shape.members or {}
        below = [] if path is None else [c for c in self.columns if _is_below(c, path)]
        depth = len(path or ())
        needed = {column.path[depth] for column in below if column.required}
        # The one key that has to be there, so that commas stand between keys only.
        anchor = next((key for key in members if key in needed), None)
        anchor = anchor or next((key for key in members if key in shape.always), None)
        if needed - members.keys() or (below and anchor is None):
            raise NotProvableError
        anchor = anchor or next(iter(members), None)
        comma = self.blank["before_comma"] + "," + self.blank["after_comma"]
        parts, is_behind = [], False
        for key, member in members.items():
            inner = self._any(member) if path is None else self._value(member, (*path, key))
            pair = self._pair(key, inner)
            if key == anchor:
                parts.append(pair)
                is_behind = True
            else:
                pair = comma + pair if is_behind else pair + comma
                parts.append(pair if key in needed else f"(?:{pair})?{self.possessive}")
        inside = "".join(parts) if below else f"(?:{''.join(parts)})?{self.possessive}"
        return rf"\{{{self.blank['after_open']}{inside}{self.blank['before_close']}\}}"

    def _pair(self, key: str, token: str) -> str:
        name = re.escape(json.dumps(key, ensure_ascii=False))
        return f"{name}{self.blank['before_colon']}:{self.blank['after_colon']}{token}"

    def _any(self, shape: Shape, *, as_json: bool = False) -> str:
        """What was seen in a place that no column has, or a JSON column as a whole."""
        options = [self._json_scalar() if as_json else self.scalar]
        elements = shape.elements or Shape()
        comma = self.blank["before_comma"] + "," + self.blank["after_comma"]
        start, end = self.blank["after_open"], self.blank["before_close"]
        if shape.is_array:
            item = self._any(elements)
            options.append(rf"\[{start}(?:{item}{self._more(comma + item)})?{end}\]")
        if shape.is_map:
            colon = self.blank["before_colon"] + ":" + self.blank["after_colon"]
            pair = self.text + colon + self._any(elements)
            options.append(rf"\{{{start}(?:{pair}{self._more(comma + pair)})?{end}\}}")
        elif shape.members is not None:
            options.append(self._object(shape, None))
        return _one_of(options)

    def _json_scalar(self) -> str:
        if self.casts == "strict":
            return f"{self.text}|{NUMBER}|true|false"
        return f'{NO_BLANK}{self._body()}"|{NUMBER}|true|false'

    def _more(self, item: str) -> str:
        return f"(?:{item})*{self.possessive}"

    def _body(self) -> str:
        if self.dialect == "re2":
            return rf'(?:[^"\\\x00-\x1f]|{ESCAPE})*'
        plain = rf'[^"\\{CONTROLS}]*+'
        return f"{plain}(?:{ESCAPE}{plain})*+"


def _is_below(column: Column, path: tuple[str, ...]) -> bool:
    return len(column.path) > len(path) and column.path[: len(path)] == path


def _one_of(options: Iterable[str]) -> str:
    found = list(options)
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"
