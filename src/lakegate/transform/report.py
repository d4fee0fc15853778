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
    """Filled as the run goes on; written to control whether it succeeds or fails."""

    batch: str
    revision: str
    attempt: int
    run_id: str
    started_at: str
    versions: dict[str, str]
    state: str = "RUNNING"
    error: str | None = None
    inputs: list[dict[str, Any]] = field(default_factory=list)
    datasets: dict[str, dict[str, int]] = field(default_factory=dict)
    gold: dict[str, Any] = field(default_factory=dict)
    checks: list[Outcome] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    published: dict[str, Any] | None = None
    version: int = 1

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


def versions(spark: str, contract: bytes, code: str) -> dict[str, str]:
    """What the result depends on: Spark, Python, and hashes of contract and code."""
    return {
        "spark": spark,
        "python": platform.python_version(),
        "contract": hashlib.sha256(contract).hexdigest()[:12],
        "code": code,
    }
