"""The lines that no pattern proved good, judged one by one as the validator judges them."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from lakegate.contract import Dataset
from lakegate.files.lines.judge import Judge, Judged, is_blank
from lakegate.transform.engines.duckdb import plain
from lakegate.transform.engines.duckdb.tables import judged, kind, odd, quoted, split, text

ROWS = 100_000  # lines of a table that are looked through at a time
LARGEST = 16 * 1024 * 1024
FIELDS = {
    "line": "bigint",
    "reason": "varchar",
    "nulled": "varchar[]",
    "rounded": "varchar[]",
    "text": "varchar",
    "bytes": "varchar",
}


@dataclass(frozen=True)
class Judging:
    """Judges lines of one connection's tables; `go_on` raises when time is over."""

    connection: DuckDBPyConnection
    scratch: Path
    go_on: Callable[[], None]

    def judge(self, name: str, dataset: Dataset, judge_from: Mapping[int, Judge]) -> None:
        """Makes the tables of judged and of odd lines of a dataset.

        `judge_from` has the judge of the lines from a number on.
        """
        starts = sorted(judge_from)
        judges = [judge_from[start] for start in starts]
        path = self.scratch / f"judged-{name}"
        longest = 0
        with path.open("w", encoding="ascii", newline="\n") as output:
            for number, kept in self._left(name):
                line = plain.original(kept)
                if not is_blank(line):
                    found = judges[bisect_right(starts, number) - 1].judge(line)
                    written = json.dumps(_row(number, kept, line, found))
                    longest = max(longest, len(written))
                    output.write(f"{written}\n")
        self._load(name, dataset, path, max(LARGEST, 2 * longest))
        path.unlink()

    def _left(self, name: str) -> Iterator[tuple[int, str]]:
        """The lines that are not proven, as they are kept, by their numbers."""
        count, left = self.connection.execute(
            f"select count(*), count(_unproven) from {split(name)}"
        ).fetchall()[0]
        for first in range(0, count if left else 0, ROWS):
            self.go_on()
            yield from self.connection.execute(
                f"select rowid, _unproven from {split(name)} "
                f"where rowid between {first} and {first + ROWS - 1} and _unproven is not null"
            ).fetchall()

    def _load(self, name: str, dataset: Dataset, path: Path, largest: int) -> None:
        fields = FIELDS | {f"v{position}": "varchar" for position in range(len(dataset.columns))}
        columns = ", ".join(f"{field}: '{kind}'" for field, kind in fields.items())
        source = (
            f"read_json({text(str(path))}, format = 'newline_delimited', "
            f"columns = {{{columns}}}, maximum_object_size = {largest})"
        )
        values = ", ".join(
            f"cast(v{position} as {kind(column)}) as {quoted(column.name)}"
            for position, column in enumerate(dataset.columns)
        )
        self.connection.execute(
            f"create table {judged(name)} as select line as _line, {values}, reason as _reason, "
            f"nulled as _nulled, rounded as _rounded from {source}"
        )
        self.connection.execute(
            f"create table {odd(name)} as select line as _line, text, from_base64(bytes) as bytes "
            f"from {source} where text is not null"
        )


def _row(number: int, kept: str, line: bytes, found: Judged) -> dict[str, Any]:
    row: dict[str, Any] = {"line": number}
    if found.reason is not None:
        row["reason"] = found.reason
    if found.nulled:
        row["nulled"] = found.nulled
    if found.rounded:
        row["rounded"] = found.rounded
    if kept.startswith(plain.CODED):
        row["text"] = shown = line.decode(errors="replace")
        if shown.encode() != line:
            row["bytes"] = kept.removeprefix(plain.CODED)
    for position, value in enumerate(found.values):
        if value is not None:
            row[f"v{position}"] = _written(value)
    return row


def _written(value: Any) -> str:
    """The value as text from which DuckDB's cast makes the same value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):  # and moments, which are dates with a time
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)
