"""What the endpoint remembers, in one JSON file that each change replaces as a whole."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Doc = dict[str, Any]
Action = Callable[[Doc], Doc]

SECTIONS = ("jobs", "runs", "databases", "tables", "partitions", "named", "security", "tags")


class State:
    """Sections of documents by key, e.g. `section("jobs")["user_activity"]`; safe for threads.

    `runs` keeps a list per job, oldest first; `partitions` a document per
    `database/table`, keyed by the JSON of the partition's values.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._sections: dict[str, Doc] = {name: {} for name in SECTIONS}
        if path is not None and path.exists():
            self._sections.update(json.loads(path.read_text()))

    def section(self, name: str) -> Doc:
        """The live documents of a section: change them only inside `changing`."""
        return self._sections[name]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Holds off changes, so that what is read belongs together."""
        with self._lock:
            yield

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Holds off everybody else and writes the file at the end, unless an error ends it."""
        with self._lock:
            yield
            self._save()

    def _save(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".tmp")
        fresh.write_text(json.dumps(self._sections))
        fresh.replace(self._path)


def now() -> float:
    """Seconds since the epoch with milliseconds, as Glue's answers carry times."""
    return round(time.time(), 3)


def page(items: list[Any], request: Doc, default: int = 100) -> tuple[list[Any], Doc]:
    """One page of a listing and what the answer says about the next one."""
    start = int(request.get("NextToken") or 0)
    end = start + int(request.get("MaxResults") or default)
    return items[start:end], {"NextToken": str(end)} if end < len(items) else {}
