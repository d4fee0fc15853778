"""The relations `lines_<dataset>`: what a pattern proves good is taken apart, the rest judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from duckdb import DuckDBPyConnection

from lakegate.contract import Column, Contract, Dataset
from lakegate.files.lines.judge import Judge
from lakegate.files.lines.proof import Pattern, learn, pattern
from lakegate.transform.engines.duckdb import plain
from lakegate.transform.engines.duckdb.judging import Judging
from lakegate.transform.engines.duckdb.plain import Text
from lakegate.transform.engines.duckdb.silver import Silver
from lakegate.transform.engines.duckdb.tables import (
    judged,
    kind,
    lines,
    lines_of,
    quoted,
    split,
    text,
    texts,
)
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.errors import EngineError

AHEAD = 512 * 1024 * 1024  # bytes that lie on the disk at a time, unless one file has more
LEARNED = 256 * 1024


@dataclass(frozen=True)
class Part:
    """One file that was read; its lines have the numbers from `first` on."""

    file: SilverFile
    first: int
    lines: int
    casts: str


@dataclass
class Reader:
    """Reads the lines of all datasets into tables of one connection.

    `go_on` raises when time is over.
    """

    connection: DuckDBPyConnection
    contract: Contract
    silver: Silver
    scratch: Path
    go_on: Callable[[], None]
    parts: dict[str, list[Part]] = field(default_factory=dict)

    def read(self, inputs: Mapping[str, Sequence[SilverFile]]) -> None:
        """Registers `lines_<dataset>` of each dataset, which is empty without files."""
        for name in inputs:
            self.connection.execute(_table(name, self.contract.datasets[name]))
            self.parts[name] = []
        with ThreadPoolExecutor(1) as ahead:
            for name, files, found in self._ahead(inputs, ahead):
                self._take(name, files, found.result())
        for name in inputs:
            self._judge(name, self.contract.datasets[name])

    def _ahead(
        self, inputs: Mapping[str, Sequence[SilverFile]], pool: ThreadPoolExecutor
    ) -> Iterator[tuple[str, list[SilverFile], Future[list[Text]]]]:
        """Groups of files, of which the next is fetched while one is read."""
        groups = [(name, group) for name, files in inputs.items() for group in _groups(files)]
        pending: list[tuple[str, list[SilverFile], Future[list[Text]]]] = []
        for number, (name, group) in enumerate(groups):
            self.go_on()
            pending.append((name, group, pool.submit(self._fetch, number, group)))
            if len(pending) > 1:
                yield pending.pop(0)
        yield from pending

    def _fetch(self, number: int, files: list[SilverFile]) -> list[Text]:
        longest = self.contract.limits.max_line_bytes
        return [
            plain.prepared(self.silver.fetch(file, self.scratch / f"{number}-{nth}"), longest)
            for nth, file in enumerate(files)
        ]

    def _take(self, name: str, files: list[SilverFile], found: list[Text]) -> None:
        """Adds the lines of some files; neighbours that one pattern fits are read together."""
        dataset = self.contract.datasets[name]
        known = self.parts[name]
        pairs = [
            (file, its, self._pattern(dataset, its, file.casts or dataset.casts))
            for file, its in zip(files, found, strict=True)
        ]
        for (found_pattern, has_returns), group in groupby(pairs, _like):
            read = list(group)
            longest = self.contract.limits.max_line_bytes
            source = lines_of([its.path for _, its, _ in read], longest, {"line": "varchar"})
            query = _proven(dataset, found_pattern, source, has_returns=has_returns)
            self.connection.execute(f"insert into {split(name)} {query}")
            for file, its, _ in read:
                first = known[-1].first + known[-1].lines if known else 0
                known.append(Part(file, first, its.lines, file.casts or dataset.casts))
                its.path.unlink()
        (count,) = self.connection.execute(f"select count(*) from {split(name)}").fetchall()[0]
        if count != sum(part.lines for part in known):
            raise EngineError(f"{name}: {count} lines instead of {sum(p.lines for p in known)}")

    def _pattern(self, dataset: Dataset, its: Text, casts: str) -> Pattern:
        layout = learn(_first_lines(its.path), self.contract.limits)
        return pattern(dataset, layout, casts, "re2")

    def _judge(self, name: str, dataset: Dataset) -> None:
        limits = self.contract.limits
        kinds = {part.casts for part in self.parts[name]}
        judges = {casts: Judge(dataset, limits, casts=casts) for casts in kinds}
        judge_from = {part.first: judges[part.casts] for part in self.parts[name] if part.lines}
        Judging(self.connection, self.scratch, self.go_on).judge(name, dataset, judge_from)
        columns = ", ".join(quoted(column.name) for column in dataset.columns)
        self.connection.execute(
            f"create view {lines(name)} as select rowid as _line, {columns}, "
            "null::varchar as _reason, null::varchar[] as _nulled, null::varchar[] as _rounded "
            f"from {split(name)} where _unproven is null union all "
            f"select _line, {columns}, _reason, _nulled, _rounded from {judged(name)}"
        )


def _like(part: tuple[SilverFile, Text, Pattern]) -> tuple[Pattern, bool]:
    """What files have in common that are read together."""
    return part[2], part[1].has_returns


def _table(name: str, dataset: Dataset) -> str:
    columns = "".join(f"{quoted(column.name)} {kind(column)}, " for column in dataset.columns)
    return f"create table {split(name)} ({columns}_unproven varchar)"


def _proven(dataset: Dataset, found: Pattern, source: str, *, has_returns: bool) -> str:
    """The values of the lines that the pattern matches; the others keep their line instead.

    JSON functions take the values out, but for those that they would write in another way.
    """
    kept = "coalesce(line, '')"
    if found.regex is None:
        return f"select {''.join('null, ' for _ in dataset.columns)}{kept} from {source}"
    line = f"replace(line, '{plain.RETURN}', chr(13))" if has_returns else "line"
    regex, groups = text(found.regex), texts(found.groups)
    pointers = texts(_pointer(column) for column in dataset.columns)
    taken = f", if(is_good, regexp_extract(text, {regex}, {groups}), null) as taken"
    values = ", ".join(
        found.value(
            column,
            f"taken[{text(column.name)}]" if column.name in found.groups else f"found[{number}]",
        )
        for number, column in enumerate(dataset.columns, 1)
    )
    return (
        f"select {values}, if(is_good, null, {kept}) from (select line, is_good, "
        f"if(is_good, json_extract_string(text, {pointers}), null) as found"
        f"{taken if found.groups else ''} from (select line, text, "
        f"coalesce(regexp_full_match(text, {regex}), false) as is_good "
        f"from (select line, {line} as text from {source})))"
    )


def _pointer(column: Column) -> str:
    steps = (key.replace("~", "~0").replace("/", "~1") for key in column.path)
    return "".join(f"/{step}" for step in steps)


def _groups(files: Sequence[SilverFile]) -> Iterator[list[SilverFile]]:
    """Neighbours that may lie on the disk together."""
    group: list[SilverFile] = []
    for file in files:
        if group and sum(item.size for item in group) + file.size > AHEAD:
            yield group
            group = []
        group.append(file)
    if group:
        yield group


def _first_lines(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        lines = file.read(LEARNED).split(b"\n")
    return lines if len(lines) == 1 else lines[:-1]
