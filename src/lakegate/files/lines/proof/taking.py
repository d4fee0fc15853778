"""SQL that makes the value of a column from the text that a pattern took out of a line."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from lakegate.contract.model import Column

TRUE = "('true', 't', 'yes', 'y', '1')"
FACTORS = {"s": 1_000_000, "ms": 1_000, "us": 1}
LONGEST = {"s": 11, "ms": 14, "us": 17}
CUT = {"whole.0": "whole", "whole.0 text": "whole text", "iso": "bare iso", "looser": "bare iso"}
ISO = ("bare iso", "iso", "iso with offset", "looser", "looser with offset", "date")


class Spark:
    """How Spark says it."""

    name = "java"
    types: ClassVar = {"timestamp": "timestamp", "json": "string", "string": "string"}

    def unescaped(self, x: str) -> str:
        """The string that a JSON string without its quotes stands for."""
        decoded = f"from_json(concat('[\"', {x}, '\"]'), 'array<string>')[0]"
        return f"if(contains({x}, '\\\\'), {decoded}, {x})"

    def compact(self, x: str) -> str:
        """JSON without blanks between its tokens."""
        pattern = r'("(?:[^"\\\\]|\\\\.)*")|[ \\t\\r]+'
        return f"regexp_replace({x}, '{pattern}', '$1')"

    def whole_part(self, x: str) -> str:
        """What stands before the point."""
        return f"substring_index({x}, '.', 1)"

    def with_places(self, x: str, places: int) -> str:
        """The digits of a number without its point, of the fraction so many."""
        whole = self.whole_part(x)
        return f"concat({whole}, rpad(substr({x}, length({whole}) + 2), {places}, '0'))"

    def instant(self, x: str, forms: Collection[str]) -> str:
        """The instant of an ISO text."""
        # The session's time zone is UTC. Spark is slow to look up what `Z` stands for, and reads it
        # only behind seconds.
        text = f"replace({x}, ' UTC', '')" if "looser" in forms else x
        text = f"replace({text}, 'Z', '')" if {"iso", "looser"} & set(forms) else text
        return f"cast({text} as timestamp)"

    def micros(self, x: str) -> str:
        """The instant so many microseconds after 1970."""
        return f"timestamp_micros({x})"

    def thousandth(self, x: str) -> str:
        """A thousandth of a whole number, its digits cut."""
        return f"({x} div 1000)"

    def zero(self) -> str:
        """The double that makes -0.0 the one zero that there is elsewhere."""
        return "0D"


class DuckDB(Spark):
    """How DuckDB says it, whose JSON functions unescape by themselves."""

    name = "re2"
    types: ClassVar = {"timestamp": "timestamptz", "json": "varchar", "string": "varchar"}

    def unescaped(self, x: str) -> str:
        return f"json_extract_string('\"' || {x} || '\"', '$')"

    def compact(self, x: str) -> str:
        pattern = r'("(?:[^"\\]|\\.)*")|[ \t\r]+'
        return rf"regexp_replace({x}, '{pattern}', '\1', 'g')"

    def whole_part(self, x: str) -> str:
        return f"split_part({x}, '.', 1)"

    def with_places(self, x: str, places: int) -> str:
        return f"({self.whole_part(x)} || rpad(split_part({x}, '.', 2), {places}, '0'))"

    def instant(self, x: str, forms: Collection[str]) -> str:
        del forms
        return f"cast({x} as timestamptz)"

    def micros(self, x: str) -> str:
        return f"make_timestamptz({x})"

    def thousandth(self, x: str) -> str:
        return f"({x} // 1000)"

    def zero(self) -> str:
        return "cast(0 as double)"


def cut(forms: Collection[str]) -> list[str]:
    """The forms of texts that were taken out of a line without their tails."""
    return [CUT.get(form, form) for form in forms]


def value(column: Column, forms: Collection[str], engine: Spark) -> str:
    """The value of the text `{x}`, which has one of the forms and is not empty."""
    if column.type == "string":
        return "{x}"
    if column.type == "boolean":
        return f"(lower({{x}}) in {TRUE})" if set(forms) - {"word"} else "({x} = 'true')"
    if column.type == "double":
        return f"(cast({{x}} as double) + {engine.zero()})"
    if column.type == "timestamp":
        return _instant(column, forms, engine)
    text = "{x}"
    if column.type == "date" and not set(forms) <= {"date"}:
        text = _instant(column, forms, engine)
    elif any(form.startswith("whole.0") for form in forms):
        text = engine.whole_part("{x}")
    return f"cast({text} as {column.type})"


def _instant(column: Column, forms: Collection[str], engine: Spark) -> str:
    cases: list[tuple[str, str]] = []
    if iso := [form for form in forms if form in ISO]:
        cases.append(("substr({x}, 5, 1) = '-'", engine.instant("{x}", iso)))
    if "eight digits" in forms:
        parts = " || '-' || ".join(
            f"substr({{x}}, {at}, {n})" for at, n in ((1, 4), (5, 2), (7, 2))
        )
        cases.append(("length({x}) = 8", f"cast({parts} as {engine.types['timestamp']})"))
    units = [unit for unit in ("s", "ms", "us", "ns") if any(_is_in(form, unit) for form in forms)]
    digits = f"length(replace({engine.whole_part('{x}')}, '-', ''))"
    for unit in units:
        has_point = any(_is_in(form, unit) and "." in form for form in forms)
        test = f"{digits} <= {LONGEST.get(unit, 19)}"
        cases.append((test, engine.micros(_micros(unit, has_point, engine))))
    *tested, (_, last) = cases or [("", f"cast(null as {engine.types['timestamp']})")]
    whens = " ".join(f"when {test} then {then}" for test, then in tested)
    return f"case {whens} else {last} end" if tested else last


def _is_in(form: str, unit: str) -> bool:
    return form.removesuffix(" text").removesuffix("…").removesuffix(".") == f"in {unit}"


def _micros(unit: str, has_point: bool, engine: Spark) -> str:
    if unit == "ns":
        return engine.thousandth(
            f"cast({engine.whole_part('{x}') if has_point else '{x}'} as bigint)"
        )
    places = {"s": 6, "ms": 3, "us": 0}[unit]
    if not has_point:
        return f"cast({{x}} as bigint) * {FACTORS[unit]}"
    if not places:
        return f"cast({engine.whole_part('{x}')} as bigint)"
    return f"cast({engine.with_places('{x}', places)} as bigint)"
