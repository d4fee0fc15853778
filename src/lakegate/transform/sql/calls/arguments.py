"""What a function of the table takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from lakegate.transform.sql import casts
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import Function
from lakegate.transform.sql.functions.numbers import places_of, rounded
from lakegate.transform.sql.typed import Typed, cast
from lakegate.transform.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INT,
    STRING,
    TIMESTAMP,
    VOID,
    Type,
    common,
    parse,
)

NEEDED: dict[str, Callable[[Type], bool]] = {
    "string": lambda kind: kind == STRING,
    "boolean": lambda kind: kind == BOOLEAN,
    "integer": lambda kind: kind.is_integral,
    "number": lambda kind: kind.is_numeric,
    "double": lambda kind: kind.is_numeric,
    "int": lambda kind: kind == INT,
    "date only": lambda kind: kind == DATE,
    "timestamp only": lambda kind: kind == TIMESTAMP,
    "date": lambda kind: kind in (DATE, TIMESTAMP),
    "timestamp": lambda kind: kind in (DATE, TIMESTAMP),
    "any": lambda _: True,
    "same": lambda _: True,
    "text": lambda _: True,
    "constant": lambda _: True,
    "unit": lambda _: True,
}
OF_ANY = ("any", "boolean", "constant", "same", "string", "text")  # that a bare null may be


def taken(function: Function, values: Sequence[Typed]) -> tuple[list[Type], list[exp.Expr]]:
    """The arguments as the function takes them. Raises SqlError for those that it does not."""
    wanted = [word for word in function.takes.split(", ") if word]
    least = sum(not word.endswith(("?", "…")) for word in wanted)
    if wanted and wanted[-1].endswith("…"):
        wanted = wanted[:-1] + [wanted[-1][:-1]] * max(0, len(values) - least)
    if not least <= len(values) <= len(wanted):
        raise SqlError(f"{function.name}({function.takes}): not {len(values)} arguments")
    words = [word.rstrip("?") for word in wanted[: len(values)]]
    for place, (word, value) in enumerate(zip(words, values, strict=True), 1):
        _require(function, place, word, value)
    same = common(value.kind for word, value in zip(words, values, strict=True) if word == "same")
    if same is None:
        shown = ", ".join(str(value.kind) for value in values)
        raise SqlError(
            f"{function.name}: the values are of different types ({shown}): cast them to one"
        )
    same = _type_of_rows(function, values, same)
    kinds, nodes = [], []
    for word, value in zip(words, values, strict=True):
        kind, node = value.kind, value.settled
        if word == "same" and not (
            same.is_decimal
            and kind.is_integral
            and value.literal is not None
            and not function.window
        ):
            kind, node = same, value.to(same)
        elif word == "same":
            kind, node = same, value.node
        elif word == "double":
            kind, node = DOUBLE, value.node if kind.is_integral else value.to(DOUBLE)
        elif word in ("date", "timestamp") and kind != VOID:
            kind = Type(word)
            node = value.settled if value.kind == kind else cast(value.settled, kind)
        elif word == "text":
            kind, node = STRING, casts.text(value)
        kinds.append(kind)
        nodes.append(node)
    return kinds, nodes


def _require(function: Function, place: int, word: str, value: Typed) -> None:
    """Raises SqlError for an argument that is not what the word says."""
    if word == "constant" and value.literal is None:
        raise SqlError(f"{function.name}: argument {place} must be a constant")
    if value.kind == VOID and word not in OF_ANY:
        raise SqlError(f"{function.name}: null has no type here; write cast(null as …)")
    if value.kind != VOID and not NEEDED[word](value.kind):
        raise SqlError(f"{function.name}: argument {place} must be {word}, not {value.kind}")


def _type_of_rows(function: Function, values: Sequence[Typed], same: Type) -> Type:
    """The common type; of `lag` and `lead` that of the rows. Raises SqlError for another."""
    if not function.window or len(values) < 3:
        return same
    found, whole = values[0].kind, values[2].literal is not None and values[2].kind.is_integral
    if same != found and not (whole and same.is_decimal):
        raise SqlError(f"{function.name}: cast the default to {found}")
    return found


def given(function: Function, values: Sequence[Typed], kinds: Sequence[Type]) -> Type:
    """Spark's type of what it gives."""
    if callable(function.gives):
        return function.gives(kinds)
    match function.gives:
        case "same" if "same" not in function.takes:
            return kinds[0]
        case "same":
            words = function.takes.replace("…", "").split(", ")
            return kinds[words.index("same")]
        case "first":
            return values[0].kind
        case "round":
            return rounded(kinds[0], places_of([value.literal for value in values]))
    return parse(function.gives)


def given_by_duckdb(
    function: Function, values: Sequence[Typed], kinds: Sequence[Type], kind: Type
) -> Type:
    """What DuckDB gives; `?` where it is not known, so that it is cast."""
    match function.duck:
        case "":
            return kind
        case "sum":
            return kind if kind == DOUBLE else Type("?")
        case "avg":
            return kind if kind == DOUBLE else Type("?")
        case "?":
            plain = all(
                value.duck in (kind, VOID) or kind == BIGINT
                for value in values
                if value.kind in kinds
            )
            return (
                kind
                if plain and not kind.is_decimal
                else kind
                if all(value.duck == kind for value in values)
                else Type("?")
            )
    return Type(function.duck)
