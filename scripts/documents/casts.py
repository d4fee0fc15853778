"""Writes docs/casts.md from the table of casts, so that page and code cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lakegate.files.lines.casts import TABLE
from lakegate.files.lines.numbers import LARGEST_EXPONENT, LONGEST

PAGE = Path(__file__).resolve().parents[2] / "docs" / "casts.md"
HEAD = """\
# Casts

Made from `src/lakegate/files/lines/casts.py` by `.venv/bin/python -m scripts.documents.casts`; a
test fails when the page is stale. The validator, the Spark engine and the DuckDB engine all read
values by this one table. `casts: strict` is the default; `casts: lenient` in the contract, for the
project or for one dataset, takes the third column too. The values of a CSV file are text, so they
are always read leniently.

| type | strict takes | lenient takes also | value |
| --- | --- | --- | --- |
"""
TAIL = f"""
## For every type

- `null` and a missing key are null. A `source` path that meets null or nothing is null as well; one
  that meets another kind of value is a wrong value.
- A wrong value of a required column rejects its row as `bad_<column>`, null there as
  `missing_<column>`. A wrong value of an optional column becomes null and is counted as
  `nulled_<column>`.
- `allowed` values are compared after the cast.
- A number of more than {LONGEST:,} characters, or with an exponent beyond ±{LARGEST_EXPONENT},
  is a wrong value whatever the type. Where no column has it, it is nothing at all.
- A string of a number may have a sign `+` and zeroes in front.
- Second 60 and hour 24 are wrong values.
- Lenient: blanks around a value other than a string's do not count, and an empty or blank string is
  null for every type but string.
"""


def render() -> str:
    """The whole page."""
    return HEAD + "\n".join(_rows()) + "\n" + TAIL


def _rows() -> Iterator[str]:
    for name, kind in TABLE.items():
        title = "decimal(p,s)" if name == "decimal" else name
        cells = (title, kind.takes, kind.takes_also or "nothing more", kind.value)
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
