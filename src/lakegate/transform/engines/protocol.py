"""What an engine has to bring: it reads lines, runs SQL and writes Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

from lakegate.transform.plan import View


@dataclass(frozen=True)
class SilverFile:
    """One file of JSON Lines; `casts` overrules what its dataset says, `size` is in bytes.

    `etag` is the object's as it was accepted; empty where nobody noted it.
    """

    uri: str
    size: int = 0
    casts: str = ""
    etag: str = ""


class Engine(Protocol):
    """Runs the plan of one revision, and is then left.

    Queries are in the engine's own dialect, as `render` wrote them for it. An engine raises
    `JobError`s for what it can name (an input that is missing, a resource that ran out) and
    otherwise its own errors, which `trouble` lists and `cause` tells in one line.
    """

    @property
    def name(self) -> str:
        """`spark` or `duckdb`."""

    @property
    def version(self) -> str:
        """The version of what runs the SQL."""

    @property
    def trouble(self) -> tuple[type[Exception], ...]:
        """Errors of its own that a run can fail of without a mistake in the code."""

    def cause(self, error: BaseException) -> str:
        """What happened, in one line."""

    def __enter__(self) -> Engine: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def read(self, inputs: Mapping[str, Sequence[SilverFile]]) -> None:
        """Registers `lines_<dataset>` of each dataset, as `plan` describes it; without files empty.

        Raises InputError that names a file that is not there.
        """

    def view(self, view: View) -> None:
        """Registers the relation of a query under its name, computed once if it is to settle."""

    def rows(self, query: str, limit: int | None = None) -> list[dict[str, Any]]:
        """The rows of a query, at most `limit`, each by the names of its columns."""

    def write(self, view: View, uri: str) -> None:
        """Writes the rows of a query as Parquet below `uri` in place of what lies there.

        What was written is then the relation of that name.
        """

    def write_rejected(self, dataset: str, uri: str) -> None:
        """Writes the lines of a dataset that `rejected_lines` names as Parquet below `uri`.

        Columns: `reason`, `line` (text), `line_bytes` (null unless the line is not UTF-8), `file`.
        """
