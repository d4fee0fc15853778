"""The tokens of columns in a pattern: what is proven, what is captured, and the SQL of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lakegate.contract.model import Column
from lakegate.files.lines.proof.forms import TEXT, Form, forms
from lakegate.files.lines.proof.shape import Shape
from lakegate.files.lines.proof.taking import cut, value
from lakegate.files.lines.proof.vocabulary import Vocabulary, one_of


class NotProvableError(Exception):
    """No pattern can prove a line of that layout good."""


class Tokens:
    """The patterns of columns by one dialect, with what they capture and the SQL of the values."""

    def __init__(self, words: Vocabulary, casts: str) -> None:
        self.words = words
        self.casts = casts
        self.groups: list[str] = []
        self.values: dict[str, str] = {}

    def token(self, column: Column, shape: Shape) -> str:
        """What a column that is no JSON may hold. Raises NotProvableError."""
        scalars, pad = self._stripped(column, shape)
        used = self._used(forms(column, self.casts), scalars, column)
        names = [form.name for form in used]
        is_captured = self.words.dialect == "java" or any(form.is_exact for form in used)
        tail = _tail(used) if is_captured else ""
        if tail:
            names = cut(names)
            used = [replace(form, tail="") for form in used]
        quoted = [body for form in used if form.quoted for body in self._quoted(form)]
        bare = [form.whole for form in used if not form.quoted]
        if len(bare) > 1 and self.words.possessive:
            # What is taken possessively is not tried again: the first that fits must be all of it.
            bare = [f"{body}(?![0-9.])" for body in bare]
        # Quotes tell an empty text from none. Where none was seen, they need not be cut off again.
        keeps_quotes = "" in scalars or self.words.dialect != "java"
        if is_captured and column.type == "string" and not column.allowed:
            sql = self._string(column, quoted, bare, keeps_quotes=keeps_quotes)
        else:
            is_mixed = is_captured and bool(quoted and bare)
            x = "replace({x}, '\"', '')" if is_mixed else "{x}"
            x = f"trim({x})" if pad and (is_mixed or not is_captured) else x
            sql = value(column, names, self.words.engine).replace("{x}", x)
            if is_captured and column.type == "string" and self.words.has_escapes:
                sql = self.words.engine.unescaped(sql)
            if "empty" in names or (is_captured and not column.required):
                sql = f"if({x} = '', null, {sql})"
        self.values[column.name] = sql
        if is_captured and self.words.dialect != "python":
            self.groups.append(column.name)
            return self.or_null(
                column, _captured(column, quoted, bare, tail, pad, keeps_quotes=keeps_quotes)
            )
        bodies = [f'"{pad}{one_of(quoted)}{tail}{pad}"'] if quoted else []
        return self.or_null(column, one_of([*bodies, *(f"{body}{tail}" for body in bare)]))

    def _stripped(self, column: Column, shape: Shape) -> tuple[list[Any], str]:
        """The tokens without blanks around, and the pattern of such blanks if there are any."""
        if self.casts == "strict" or column.type == "string":
            return shape.scalars, ""
        scalars = [item.strip(" ") if type(item) is str else item for item in shape.scalars]
        return scalars, " *" if scalars != shape.scalars else ""

    def _quoted(self, form: Form) -> list[str]:
        """What may stand between quotes.

        Java tries the plain texts first, and longer patterns only where the layout has escapes.
        """
        if form.name == TEXT:
            return [self.words.body]
        if not form.escaped:
            return [form.whole]
        if self.words.dialect != "java":
            return [form.escaped]
        return [form.whole, form.escaped] if self.words.has_escapes else [form.whole]

    def json(self, column: Column, inner: str, place: int) -> str:
        """What a JSON column may hold, as the group at that place."""
        words = self.words
        if words.dialect == "python":
            return inner
        self.groups.insert(place, column.name)
        text = "{x}" if words.is_compact else words.engine.compact("{x}")
        self.values[column.name] = text if column.required else f"if({{x}} = '', null, {text})"
        return f"({inner})"

    def or_null(self, column: Column, pattern: str) -> str:
        """The pattern, or null where the column may be."""
        return pattern if column.required else f"(?:{pattern}|null)"

    def _used(self, known: Sequence[Form], scalars: Sequence[Any], column: Column) -> list[Form]:
        """The forms that were seen, the first that fits each token; all if none was seen."""
        if column.required:
            known = [form for form in known if form.name != "empty"]
        fitting = (next((f for f in known if f.fits(token)), None) for token in scalars)
        used = {form.name: form for form in fitting if form is not None}
        if used.keys() - {"empty"}:
            return list(used.values())
        found = [form for form in known if not form.is_exact] or known[:1]
        if not found:
            raise NotProvableError
        return list(found)

    def _string(
        self, column: Column, quoted: list[str], bare: list[str], *, keeps_quotes: bool
    ) -> str:
        engine = self.words.engine
        nothing = "{x}" if column.required else "nullif({x}, '')"
        if not quoted:
            return nothing
        if bare:
            text = engine.unescaped("substr({x}, 2, length({x}) - 2)")
            return f"if(substr({{x}}, 1, 1) = '\"', {text}, {nothing})"
        if column.required:
            return engine.unescaped("{x}")
        text = "substr({x}, 2)" if keeps_quotes else "{x}"
        return f"if({{x}} = '', null, {engine.unescaped(text)})"


def _captured(  # noqa: PLR0913 - all that a group is made of
    column: Column,
    quoted: list[str],
    bare: list[str],
    tail: str,
    pad: str,
    *,
    keeps_quotes: bool,
) -> str:
    """The group of a column: without quotes, unless these tell an empty text from none."""
    if quoted and bare:
        return "(" + "|".join([f'"{pad}{one_of(quoted)}{pad}"', *bare]) + ")"
    if bare:
        return f"({'|'.join(bare)}){tail}"
    if column.type == "string" and not column.allowed and not column.required:
        return f'("{one_of(quoted)})"' if keeps_quotes else f'"(?!")({one_of(quoted)})"'
    return f'"{pad}({"|".join(quoted)}){tail}{pad}"'


def _tail(used: Sequence[Form]) -> str:
    """The one tail of all forms, which may then stay outside of what is captured."""
    alike = len({(form.tail, form.quoted) for form in used}) == 1
    return used[0].tail if alike else ""
