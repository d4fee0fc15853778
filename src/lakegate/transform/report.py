"""The report of a run: what was read, what became of it, how long it took, on what."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from lakegate.transform.checks import Outcome


@dataclass
class Report:
    """Filled as the run goes on; written to control whether it succeeds or fails.

    `error_kind` is one of `choice.TOO_SMALL` when something ran out, `refused` when the data may
    not be published. `gold` has by table its `prefix`, `rows`, `row_hash` and `totals`.
    `function_mib` is the memory of the Lambda function, if any.
    """

    batch: str
    revision: str
    attempt: int
    run_id: str
    started_at: str
    versions: dict[str, str]
    state: str = "RUNNING"
    error: str | None = None
    error_kind: str | None = None
    engine: str = "spark"
    function_mib: int | None = None
    inputs: list[dict[str, Any]] = field(default_factory=list)
    datasets: dict[str, dict[str, int]] = field(default_factory=dict)
    unchecked_references: list[str] = field(default_factory=list)
    gold: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: list[Outcome] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    published: dict[str, Any] | None = None
    version: int = 2

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds how long the block took to `seconds`, also when it raises."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - start, 3)

    def to_json(self) -> bytes:
        """The report as JSON; decimals as text, so that no cent is lost."""
        return json.dumps(asdict(self), indent=1, default=str).encode() + b"\n"


def versions(engine: str, version: str, contract: bytes, code: str) -> dict[str, str]:
    """What the result depends on: the engine, Python, and hashes of contract and code."""
    return {
        engine: version,
        "python": platform.python_version(),
        "contract": hashlib.sha256(contract).hexdigest()[:12],
        "code": code,
    }
