"""Writes docs/sql.md from the table of functions, so that page and code cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lakegate.transform.sql.functions import ALL, INSTEAD, Function

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sql.md"
HEAD = """\
# What the SQL of a table may use

A mart, `sql/marts/<table>.sql`, is one `select` in Spark SQL over `stg_<dataset>`, other marts and
the views of `sql/staging`. Spark runs it as it stands. For DuckDB it is translated when the project
is built. Both must answer alike, so that only what is listed here is possible; anything else is
refused by name, with what to write instead. Every line below is tried on both engines over a sample
of awkward values (`tests/sql`).

## Queries

`select`, `distinct`, `with`, joins (`inner`, `left`, `right`, `full`, `cross`, `left semi`,
`left anti`; `on` or `using`), `where`, `group by` (also `all`, names and places of the list),
`having`, `union [all]`, `intersect`, `except`, `order by`, `limit` with an order, selects in
brackets, `exists`, `in (select …)` in `where`, windows with `partition by`, `order by` and frames,
`filter (where …)`.

Not possible: `lateral view` and arrays, `qualify`, `pivot`, `rollup` and `cube`, `natural join`,
`distinct on`, `tablesample`, named windows, recursive `with`, and whatever depends on the clock or
on chance, since the same batch must give the same rows each time. Every column needs a name.

## Values

- Integers: `+ - *` of ints give int, with a bigint bigint; `/` gives a double, `div` a bigint that
  is cut towards zero.
- Decimals have Spark's digits: `+ -` one more than the larger, `*` the sum of both and one, `/` at
  least six behind the point. Results are exact and rounded half up. Beyond 38 digits fewer are kept
  behind the point, at least six.
- A decimal with a double is a double. Division by zero is null, `%` by zero too.
- Text is compared with text only, and never summed: write the cast. A date or timestamp may be
  compared with one in quotes.
- `cast` of text is null where it is no number; a boolean is `true t yes y 1 false f no n 0`, in any
  case. Blanks around do not count. `.5` and `5.` are numbers, as integers 0 and 5; `1e2` is a
  double and a decimal, but no integer; `5d`, `inf`, `-Infinity` and `NaN` are doubles. Hexadecimal
  doubles, digits of other scripts and decimals with an exponent and more than 38 digits aside.
- Dates and timestamps are not cast from text: declare the column.
- `cast` to an integer cuts digits behind the point; a double becomes a decimal by its shortest
  digits, half up.
- Null is smallest in every order; text is ordered by code point. `<=>` is true of two nulls.
- Timestamps are instants in UTC, to the microsecond. Days between two are `datediff`.

Three things are left to care. An integer that overflows, also by a cast, becomes another one on
Spark and ends the run on DuckDB: cast to bigint, or to `decimal(38,0)`, before. Sums of doubles
depend on the order of rows in their last digits: use decimals, or `round`. And `row_number()`,
`lag()` and their like need an order that leaves no ties.

## Functions

| function | takes | gives | remark |
| --- | --- | --- | --- |
"""
MIDDLE = """
## What is refused, and what to write instead

| not | but |
| --- | --- |
"""


def text() -> str:
    """The whole page."""
    return HEAD + "".join(_rows()) + MIDDLE + "".join(_refused())


def _rows() -> Iterator[str]:
    yield "| `count(*)`, `count(x)`, `count(distinct x, …)` | any | bigint | |\n"
    for function in sorted(ALL, key=lambda one: one.name):
        shown = f"`{function.name}`" + (" `over`" if function.window else "")
        remark = f" {function.remark} |" if function.remark else " |"
        yield f"| {shown} | {function.takes or '-'} | {_gives(function)} |{remark}\n"


def _gives(function: Function) -> str:
    if function.title:
        return function.title
    words = {"same": "the common type", "first": "the type of the first"}
    return words.get(str(function.gives), str(function.gives))


def _refused() -> Iterator[str]:
    yield from (f"| `{name}` | {instead} |\n" for name, instead in sorted(INSTEAD.items()))


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
