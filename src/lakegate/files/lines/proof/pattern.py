"""One pattern that proves a line good and takes it apart.

What it matches, the judge finds good and gives the same values; what it does not match may be good
all the same and goes to the judge. So does a line over `limits.max_line_bytes` and one that is not
UTF-8, at which a pattern does not look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lakegate.contract.model import Column, Dataset
from lakegate.files.lines.proof.layout import Layout
from lakegate.files.lines.proof.shape import Shape
from lakegate.files.lines.proof.tokens import NotProvableError, Tokens
from lakegate.files.lines.proof.vocabulary import Dialect, Vocabulary, one_of

MOST_PLACES = 400
MOST_CHARACTERS = 100_000


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
    # Two columns at one place would have to be proven at once.
    if layout is None or len({column.path for column in dataset.columns}) < len(dataset.columns):
        return Pattern(None)
    words = Vocabulary(dialect, layout)
    tokens = Tokens(words, casts)
    columns = dataset.required if dialect == "python" else dataset.columns
    keys = [column.path[0] for column in dataset.columns]
    try:
        regex = _Objects(columns, tokens).object(_with(layout.top, keys), ()) + words.last
    except NotProvableError:
        return Pattern(None)
    if dialect == "python":
        return Pattern(regex)
    types = words.engine.types
    nothing = {c.name: f"cast(null as {types.get(c.type, c.type)})" for c in columns}
    values = tuple((nothing | tokens.values).items())
    return Pattern(rf"^{regex}\z", tuple(tokens.groups), values)


def _with(top: Shape, keys: Sequence[str]) -> Shape:
    """The outermost object with the keys of columns that no line had yet."""
    members = {**(top.members or {})}
    return Shape(
        members={**members, **{k: Shape() for k in keys if k not in members}}, always=top.always
    )


class _Objects:
    """Objects with columns in them; a layout with too many places to name cannot be proven."""

    def __init__(self, columns: Sequence[Column], tokens: Tokens) -> None:
        self.columns = columns
        self.at = {column.path: column for column in columns}
        self.tokens, self.words = tokens, tokens.words
        self.places = 0

    def object(self, shape: Shape, path: tuple[str, ...] | None) -> str:
        """An object with its keys in order; one without a path holds no columns."""
        members = shape.members or {}
        below = [] if path is None else self._below(path)
        needed = {column.path[len(path or ())] for column in below if column.required}
        # The one key that has to be there, so that commas stand between keys only.
        anchor = next((key for key in members if key in needed), None)
        anchor = anchor or next((key for key in members if key in shape.always), None)
        if needed - members.keys() or (below and anchor is None):
            raise NotProvableError
        anchor = anchor or next(iter(members), None)
        parts, is_behind = [], False
        for key, member in members.items():
            inner = self._any(member) if path is None else self._value(member, (*path, key))
            pair = re.escape(json.dumps(key, ensure_ascii=False)) + self.words.colon + inner
            if key == anchor:
                is_behind = True
            else:
                pair = self.words.comma + pair if is_behind else pair + self.words.comma
                pair = pair if key in needed else self.words.maybe(pair)
            parts.append(pair)
        inside = "".join(parts) if below else self.words.maybe("".join(parts))
        return rf"\{{{self.words.start}{inside}{self.words.end}\}}"

    def _below(self, path: tuple[str, ...]) -> list[Column]:
        depth = len(path)
        return [c for c in self.columns if len(c.path) > depth and c.path[:depth] == path]

    def _value(self, shape: Shape, path: tuple[str, ...]) -> str:
        """What may stand at a path: a column, an object with columns, or anything that was seen."""
        below, column = self._below(path), self.at.get(path)
        place = len(self.tokens.groups)
        if not below:
            if column is None:
                return self._any(shape)
            if column.type != "json":
                return self.tokens.token(column, shape)
            inner = self._any(shape, self.words.json_scalar(self.tokens.casts))
            return self.tokens.or_null(column, self.tokens.json(column, inner, place))
        is_needed = any(c.required for c in [*below, *([column] if column else [])])
        if shape.members is None or shape.others is not None or (column and column.type != "json"):
            if is_needed or column is not None:
                raise NotProvableError
            return "null"
        inner = self.object(shape, path)
        if column is not None:
            inner = self.tokens.json(column, inner, place)
        return inner if is_needed else f"(?:{inner}|null)"

    def _any(self, shape: Shape, scalar: str | None = None) -> str:
        """What was seen in a place where no column is, or in that of a JSON column."""
        self.places += 1
        if self.places > MOST_PLACES:
            raise NotProvableError
        options = [scalar or self.words.scalar]
        if shape.items is not None:
            items = self.words.some(self._any(shape.items))
            options.append(rf"\[{self.words.start}{items}{self.words.end}\]")
        if (values := shape.values()) is not None:
            value = self._any(values)
            pairs = self.words.some(self.words.string + self.words.colon + value)
            options.append(rf"\{{{self.words.start}{pairs}{self.words.end}\}}")
        elif shape.members is not None:
            options.append(self.object(shape, None))
        found = one_of(options)
        if len(found) > MOST_CHARACTERS:  # arrays of arrays double it
            raise NotProvableError
        return found
