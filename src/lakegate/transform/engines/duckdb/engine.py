"""DuckDB behind the interface of engines: one process, one connection, nothing but local files.

It never opens a connection of its own: files come and go by boto3. Before any SQL of a project is
run, the configuration is locked and the file system is closed to it, but for the scratch folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import duckdb

from lakegate.contract import Contract
from lakegate.transform.engines.duckdb import exhaustion, quarantine, writing
from lakegate.transform.engines.duckdb.exhaustion import Deadline
from lakegate.transform.engines.duckdb.macros import MACROS
from lakegate.transform.engines.duckdb.reading import Reader
from lakegate.transform.engines.duckdb.resources import Resources
from lakegate.transform.engines.duckdb.silver import Silver
from lakegate.transform.engines.duckdb.tables import quoted, text, texts
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.errors import EngineError
from lakegate.transform.plan import View

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REQUESTS = 8  # to S3 at a time


class DuckDBEngine:
    """An Engine for the plan of one revision."""

    name = "duckdb"
    version = duckdb.__version__
    trouble = (duckdb.Error,)
    cause = staticmethod(exhaustion.first_line)

    def __init__(
        self,
        contract: Contract,
        resources: Resources,
        s3: S3Client | None = None,
        deadline: Deadline | None = None,
        alive: AbstractContextManager[object] | None = None,
    ) -> None:
        """`alive` is entered with the engine, and so by a run that is fenced only."""
        self._contract = contract
        self._resources = resources
        self._s3 = s3
        self._deadline = deadline or Deadline()
        self._alive = alive or nullcontext()
        self._stack = ExitStack()
        self._is_locked = False

    def __enter__(self) -> DuckDBEngine:
        self._stack.enter_context(self._alive)
        scratch = self._resources.scratch
        scratch.mkdir(parents=True, exist_ok=True)
        self._stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        self._pool = self._stack.enter_context(ThreadPoolExecutor(REQUESTS))
        self._connection = self._stack.enter_context(_connected(self._resources))
        self._stack.enter_context(self._deadline.interrupting(self._connection))
        self._reader = Reader(
            self._connection,
            self._contract,
            Silver(self._s3, self._pool),
            scratch,
            self._deadline.check,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, inputs: Mapping[str, Sequence[SilverFile]]) -> None:
        """Registers `lines_<dataset>` of each dataset."""
        with self._at_work():
            self._reader.read(inputs)

    def view(self, view: View) -> None:
        """Registers the relation of a query under its name, computed once if it is to settle."""
        with self._at_work():
            self._lock()
            kind = "table" if view.settle else "view"
            query = self._one(view.sql)
            self._connection.execute(f"create {kind} {quoted(view.name)} as {query}")

    def rows(self, query: str, limit: int | None = None) -> list[dict[str, Any]]:
        """The rows of a query, at most `limit`, each by the names of its columns.

        Instants come as text in UTC: for Python's, DuckDB needs a package that is not there.
        """
        with self._at_work():
            self._lock()
            found = self._connection.execute(self._without_moments(self._one(query)))
            names = [column[0] for column in found.description or ()]
            some = found.fetchall() if limit is None else found.fetchmany(limit)
            return [dict(zip(names, row, strict=True)) for row in some]

    def write(self, view: View, uri: str) -> None:
        """Writes the rows of a query below `uri`; they are then the relation of that name."""
        with self._at_work():
            self._lock()
            paths = self._written(self._one(view.sql), view.name, uri)
            self._connection.execute(
                f"create or replace view {quoted(view.name)} as from {writing.relation(paths)}"
            )

    def write_rejected(self, dataset: str, uri: str) -> None:
        """Writes the rejected lines of a dataset below `uri`."""
        with self._at_work():
            self._written(quarantine.query(self._reader, dataset), f"rejected-{dataset}", uri)

    def _written(self, query: str, name: str, uri: str) -> list[Any]:
        paths = writing.copied(self._connection, query, self._resources.scratch / "out" / name)
        self._deadline.check()
        writing.put(paths, uri, self._s3, self._pool)
        return paths

    def _without_moments(self, query: str) -> str:
        found = self._connection.execute(f"describe {query}").fetchall()
        moments = [quoted(name) for name, kind, *_ in found if "WITH TIME ZONE" in kind]
        if not moments:
            return query
        casts = ", ".join(
            f"cast(cast({name} as timestamp) as varchar) as {name}" for name in moments
        )
        return f"select * replace ({casts}) from ({query}\n)"

    def _one(self, query: str) -> str:
        """The query, which is put into a statement. Raises EngineError if it is not one alone."""
        statements = self._connection.extract_statements(query)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise EngineError(f"not one query: {query[:80]!r}")
        return query

    def _lock(self) -> None:
        if not self._is_locked:
            self._is_locked = True
            for statement in (
                "set preserve_insertion_order = false",
                f"set allowed_directories = {texts([f'{self._resources.scratch}/'])}",
                "set enable_external_access = false",
                "set lock_configuration = true",
            ):
                self._connection.execute(statement)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._deadline.check()
        with exhaustion.told_apart(self._deadline):
            yield


def _connected(resources: Resources) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for name, value in {
        "TimeZone": "UTC",
        "threads": resources.threads,
        "memory_limit": f"{resources.memory // 1024}KiB",
        "temp_directory": str(resources.scratch / "spill"),
        "max_temp_directory_size": f"{resources.disk // 1024}KiB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }.items():
        connection.execute(f"set {name} = {text(str(value))}")
    # A database of its own, because only that of an `attach` is compressed in memory.
    connection.execute("attach ':memory:' as run (compress)")
    connection.execute("use run")
    for macro in MACROS:
        connection.execute(macro)
    return connection
