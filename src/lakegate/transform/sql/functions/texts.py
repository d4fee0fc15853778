"""Functions of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds, whole
from lakegate.transform.sql.types import BIGINT

CASES = "letters whose other case is longer (ŉ, ﬁ; not ß) and Σ at the end of a word aside"


def _substring(kinds: Kinds, constants: Sequence[str | None]) -> str:
    if whole("substring", constants[1]) < 1:
        raise SqlError(
            "substring: the place where it starts must be a number from 1 on; see right()"
        )
    # DuckDB takes a length below nought to the left, and the greatest of null and 0 is 0.
    length = ", case when {2} < 0 then 0 else {2} end" if len(constants) > 2 else ""
    if BIGINT in kinds[2:]:  # which Spark casts
        length = length.replace("{2}", "cast({2} as int)")
    return f"substr({{0}}, {{1}}{length})"


def _end(name: str) -> Callable[[Kinds, Sequence[str | None]], str]:
    """`left` and `right`, which take a count below nought from the other end on DuckDB."""
    return lambda _, constants: f"{name}({{0}}, {max(0, whole(name, constants[1]))})"


def _padded(name: str) -> Callable[[Kinds, Sequence[str | None]], str]:
    def text(_: Kinds, constants: Sequence[str | None]) -> str:
        whole(name, constants[1])
        if not constants[2]:
            raise SqlError(f"{name}: something must stand in the text that fills up")
        return f"{name}({{*}})"

    return text


def _repeat(_: Kinds, constants: Sequence[str | None]) -> str:
    return f"repeat({{0}}, {whole('repeat', constants[1])})"


def _split_part(_: Kinds, constants: Sequence[str | None]) -> str:
    if not constants[1] or whole("split_part", constants[2]) == 0:
        raise SqlError("split_part: a separator, and a part from 1 or from -1 on")
    return "split_part({*})"


JSON_PATH = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9]+\])+")


def _json(_: Kinds, constants: Sequence[str | None]) -> str:
    if not JSON_PATH.fullmatch(constants[1] or ""):
        raise SqlError("get_json_object: a path like '$.a.b[0]' is needed")
    return "case when json_valid({0}) then json_extract_string({0}, {1}) end"


def _sha2(_: Kinds, constants: Sequence[str | None]) -> str:
    if constants[1] != "256":
        raise SqlError("sha2: of 256 bits only")
    return "sha256({0})"


TEXTS = (
    Function("length", "string", "int", "length({0})", duck="bigint", remark="in characters"),
    Function("char_length", "string", "int", "length({0})", duck="bigint"),
    Function("lower", "string", "string", "lower(replace({0}, 'İ', 'i̇'))", remark=CASES),
    Function("upper", "string", "string", "upper(replace({0}, 'ß', 'SS'))", remark=CASES),
    Function("trim", "string", "string", "trim({0}, ' ')", remark="blanks only"),
    Function("ltrim", "string", "string", "ltrim({0}, ' ')", remark="blanks only"),
    Function("rtrim", "string", "string", "rtrim({0}, ' ')", remark="blanks only"),
    Function(
        "concat",
        "text, text…",
        "string",
        lambda kinds, _: " || ".join(f"{{{index}}}" for index in range(len(kinds))),
        remark="null if any is null",
    ),
    Function(
        "concat_ws", "constant, string…", "string", "concat_ws({*})", remark="passes nulls over"
    ),
    Function(
        "substring", "string, constant, integer?", "string", _substring, remark="1 is the first"
    ),
    Function("substr", "string, constant, integer?", "string", _substring),
    Function("left", "string, constant", "string", _end("left")),
    Function("right", "string, constant", "string", _end("right")),
    Function("replace", "string, constant, string", "string", "replace({0}, {1}, {2})"),
    Function(
        "reverse", "string", "string", "array_to_string(list_reverse(string_split({0}, '')), '')"
    ),
    Function("repeat", "string, constant", "string", _repeat),
    Function("lpad", "string, constant, constant", "string", _padded("lpad")),
    Function("rpad", "string, constant, constant", "string", _padded("rpad")),
    Function("instr", "string, string", "int", "instr({0}, {1})", duck="bigint"),
    Function("locate", "string, string", "int", "instr({1}, {0})", duck="bigint"),
    Function("startswith", "string, string", "boolean", "starts_with({0}, {1})"),
    Function("endswith", "string, string", "boolean", "ends_with({0}, {1})"),
    Function("contains", "string, string", "boolean", "contains({0}, {1})"),
    Function("split_part", "string, constant, constant", "string", _split_part),
    Function("translate", "string, constant, constant", "string", "translate({0}, {1}, {2})"),
    Function(
        "get_json_object",
        "string, constant",
        "string",
        _json,
        remark="numbers with a fraction or an exponent may be written differently",
    ),
    Function("md5", "string", "string", "md5({0})"),
    Function("sha2", "string, constant", "string", _sha2),
)
