"""Writes docs/sql.md from the table of functions, so that page and code cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lakegate.transform.sql.functions import ALL, INSTEAD, Function
from scripts.documents import marked

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sql.md"


def written(page: str) -> str:
    """The page with its two tables made anew."""
    return marked.written(page, functions="\n".join(_rows()), refused="\n".join(_refused()))


def _rows() -> Iterator[str]:
    yield "| function | takes | gives | remark |"
    yield "| --- | --- | --- | --- |"
    yield "| `count(*)`, `count(x)`, `count(distinct x, …)` | any | bigint | |"
    for function in sorted(ALL, key=lambda one: one.name):
        shown = f"`{function.name}`" + (" `over`" if function.window else "")
        remark = f" {function.remark} |" if function.remark else " |"
        yield f"| {shown} | {function.takes or '-'} | {_gives(function)} |{remark}"


def _gives(function: Function) -> str:
    if function.title:
        return function.title
    words = {"same": "the common type", "first": "the type of the first"}
    return words.get(str(function.gives), str(function.gives))


def _refused() -> Iterator[str]:
    yield "| not | but |"
    yield "| --- | --- |"
    yield from (f"| `{name}` | {instead} |" for name, instead in sorted(INSTEAD.items()))


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
