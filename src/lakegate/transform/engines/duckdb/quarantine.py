"""Rejected lines with their text: of those that were proven good it has to be read once more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lakegate.transform.engines.duckdb import plain
from lakegate.transform.engines.duckdb.reading import Part, Reader
from lakegate.transform.engines.duckdb.tables import lines_of, odd, quoted, split, text, texts

ROWS = 1_000_000  # line numbers that are in memory at a time


def query(reader: Reader, name: str) -> str:
    """The query of the rejected lines of a dataset; makes the tables that it reads."""
    again, parts = quoted(f"_again_{name}"), quoted(f"_parts_{name}")
    connection, known = reader.connection, reader.parts[name]
    firsts = ", ".join(str(part.first) for part in known if part.lines)
    files = texts(part.file.uri for part in known if part.lines)
    connection.execute(
        f"create or replace table {parts} as "
        f"select unnest([{firsts}]::bigint[]) as first, unnest({files}::varchar[]) as file"
    )
    connection.execute(f"create or replace table {again} (_line bigint, line varchar)")
    for part in known:
        _read_again(reader, name, part, again)
    kept = f"replace(coalesce(again.line, split._unproven), '{plain.RETURN}', chr(13))"
    return (
        f"select rejected.reason, coalesce(odd.text, {kept}) as line, odd.bytes as line_bytes, "
        "parts.file from rejected_lines as rejected "
        f"inner join {split(name)} as split on rejected._line = split.rowid "
        f"asof join {parts} as parts on rejected._line >= parts.first "
        f"left join {odd(name)} as odd on rejected._line = odd._line "
        f"left join {again} as again on rejected._line = again._line "
        f"where rejected.dataset = {text(name)}"
    )


def _read_again(reader: Reader, name: str, part: Part, table: str) -> None:
    """Adds the lines of one file that were proven good and then rejected."""
    numbers = _numbers(reader, name, part)
    first = next(numbers, None)
    if first is None:
        return
    copy = reader.silver.fetch(part.file, reader.scratch / "again")
    its = plain.prepared(copy, reader.contract.limits.max_line_bytes).path
    chosen = reader.scratch / "chosen"
    with its.open("rb") as file, chosen.open("wb") as output:
        lines = enumerate(file, part.first)
        for wanted in chain([first], numbers):
            line = next(line for number, line in lines if number == wanted)
            output.write(b"%d%s%s" % (wanted, plain.SEPARATOR.encode(), line))
            if not line.endswith(b"\n"):
                output.write(b"\n")
    longest = reader.contract.limits.max_line_bytes
    source = lines_of([chosen], longest, {"_line": "bigint", "line": "varchar"})
    reader.connection.execute(f"insert into {table} from {source}")
    its.unlink()
    chosen.unlink()


def _numbers(reader: Reader, name: str, part: Part) -> Iterator[int]:
    """The numbers of those lines, ascending."""
    end = part.first + part.lines
    for start in range(part.first, end, ROWS):
        reader.go_on()
        found = reader.connection.execute(
            "select rejected._line from rejected_lines as rejected "
            f"inner join {split(name)} as split on rejected._line = split.rowid "
            f"where rejected.dataset = {text(name)} and split._unproven is null and "
            f"rejected._line between {start} and {min(start + ROWS, end) - 1} order by 1"
        ).fetchall()
        yield from (number for (number,) in found)
