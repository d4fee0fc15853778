"""Functions of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds

CASES = "letters whose other case is longer (ß, ŉ, İ, ﬁ) aside"


def _substring(_: Kinds, constants: Sequence[str | None]) -> str:
    start = constants[1]
    if start is None or int(start) < 1:
        raise SqlError(
            "substring: the place where it starts must be a number from 1 on; see right()"
        )
    return "substr({*})"


JSON_PATH = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9]+\])+")


def _json(_: Kinds, constants: Sequence[str | None]) -> str:
    if not JSON_PATH.fullmatch(constants[1] or ""):
        raise SqlError("get_json_object: a path like '$.a.b[0]' is needed")
    return "case when json_valid({0}) then json_extract_string({0}, {1}) end"


def _sha2(_: Kinds, constants: Sequence[str | None]) -> str:
    if constants[1] != "256":
        raise SqlError("sha2: of 256 bits only")
    return "sha256({0})"


def _text(  # noqa: PLR0913 - the fields of a line of the table
    name: str,
    takes: str,
    duckdb: str | Callable[[Kinds, Sequence[str | None]], str],
    gives: str,
    *shows: str,
    duck: str = "",
    remark: str = "",
) -> Function:
    return Function(name, takes, gives, duckdb, shows, duck=duck, remark=remark)


TEXTS = (
    _text(
        "length", "string", "length({0})", "int", "length(s)", duck="bigint", remark="in characters"
    ),
    _text("char_length", "string", "length({0})", "int", "char_length(s)", duck="bigint"),
    _text("lower", "string", "lower({0})", "string", "lower(s)", remark=CASES),
    _text("upper", "string", "upper({0})", "string", "upper(s)", remark=CASES),
    _text("trim", "string", "trim({0})", "string", "trim(s)", remark="blanks only"),
    _text("ltrim", "string", "ltrim({0})", "string", "ltrim(s)", remark="blanks only"),
    _text("rtrim", "string", "rtrim({0})", "string", "rtrim(s)", remark="blanks only"),
    Function(
        "concat",
        "text, text…",
        "string",
        lambda kinds, _: " || ".join(f"{{{index}}}" for index in range(len(kinds))),
        ("concat(s, '-', s)", "concat(s, i)", "concat('a', a)"),
        remark="null if any is null",
    ),
    _text(
        "concat_ws",
        "constant, string…",
        "concat_ws({*})",
        "string",
        "concat_ws('-', s, 'x', s)",
        remark="passes nulls over",
    ),
    Function(
        "substring",
        "string, constant, integer?",
        "string",
        _substring,
        ("substring(s, 2)", "substring(s, 1, 2)", "substring(s, 2, 100)"),
        remark="1 is the first",
    ),
    Function("substr", "string, constant, integer?", "string", _substring, ("substr(s, 2, 3)",)),
    _text("left", "string, constant", "left({0}, {1})", "string", "left(s, 2)"),
    _text("right", "string, constant", "right({0}, {1})", "string", "right(s, 2)"),
    _text(
        "replace",
        "string, constant, string",
        "replace({0}, {1}, {2})",
        "string",
        "replace(s, 'a', 'bb')",
        "replace(s, ' ', '')",
    ),
    _text(
        "reverse",
        "string",
        "array_to_string(list_reverse(string_split({0}, '')), '')",
        "string",
        "reverse(s)",
    ),
    _text("repeat", "string, constant", "repeat({0}, {1})", "string", "repeat(s, 2)"),
    _text(
        "lpad",
        "string, constant, constant",
        "lpad({0}, {1}, {2})",
        "string",
        "lpad(s, 4, '0')",
        "lpad(s, 2, 'xy')",
    ),
    _text(
        "rpad", "string, constant, constant", "rpad({0}, {1}, {2})", "string", "rpad(s, 7, 'xy')"
    ),
    _text("instr", "string, string", "instr({0}, {1})", "int", "instr(s, 'b')", duck="bigint"),
    _text("locate", "string, string", "instr({1}, {0})", "int", "locate('b', s)", duck="bigint"),
    _text("startswith", "string, string", "starts_with({0}, {1})", "boolean", "startswith(s, 'a')"),
    _text("endswith", "string, string", "ends_with({0}, {1})", "boolean", "endswith(s, 'c')"),
    _text("contains", "string, string", "contains({0}, {1})", "boolean", "contains(s, 'b')"),
    _text(
        "split_part",
        "string, constant, constant",
        "split_part({0}, {1}, {2})",
        "string",
        "split_part(s, ' ', 1)",
        "split_part(s, '-', 2)",
    ),
    _text(
        "translate",
        "string, constant, constant",
        "translate({0}, {1}, {2})",
        "string",
        "translate(s, 'abc', 'xy')",
    ),
    _text(
        "get_json_object",
        "string, constant",
        _json,
        "string",
        *(
            f"get_json_object(j, '{path}')"
            for path in (
                "$.a",
                "$.b.c",
                "$.b.d",
                "$.b.d[0]",
                "$.t",
                "$.n",
                "$.u",
                "$.none",
                "$.b",
                "$.i",
            )
        ),
        remark="numbers with a fraction or an exponent may be written differently",
    ),
    _text("md5", "string", "md5({0})", "string", "md5(s)"),
    _text("sha2", "string, constant", _sha2, "string", "sha2(s, 256)"),
)
