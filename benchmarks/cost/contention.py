"""Simulates validators that all change one batch's index of arrivals by compare-and-swap.

An event simulation of the loop in `lakegate.ledger.arrivals` and `lakegate.aws.store`: read the
index, write it if unchanged, otherwise pause a random while and try again.
"""

from __future__ import annotations

import heapq
import json
import math
import random
from dataclasses import dataclass, field
from typing import Annotated

import typer

from lakegate.aws.store import FIRST_PAUSE, LONGEST_PAUSE
from lakegate.ledger.arrivals import TURNS

RETRY_AFTER = (60.0, 120.0)  # seconds until Lambda's first and second retry of an event


@dataclass(frozen=True)
class Latency:
    """Seconds: of S3 requests (medians, each drawn from half to double), and of what is not S3."""

    get: float = 0.020
    put: float = 0.040
    other: float = 0.150  # windows, copy, checks
    bytes_per_second: float = 60e6  # one connection of a small function
    index_bytes_per_file: int = 298  # as benchmarks/cost/calls.py counts


@dataclass
class Outcome:
    """What the burst led to."""

    files: int
    concurrency: int
    seconds: float = 0.0
    requests: int = 0  # of the index alone
    gave_up: int = 0  # invocations that ran out of turns and were retried by Lambda
    left_over: int = 0  # files that even the retries did not get in; the reconciler's work
    most_turns: int = 0

    def document(self) -> dict[str, float]:
        """Figures for one row of a table."""
        return {
            "files": self.files,
            "concurrency": self.concurrency,
            "seconds": round(self.seconds, 1),
            "files_per_second": round((self.files - self.left_over) / self.seconds, 1),
            "index_requests_per_file": round(self.requests / self.files, 1),
            "gave_up": self.gave_up,
            "left_over": self.left_over,
            "most_turns": self.most_turns,
        }


@dataclass
class Burst:
    """`files` notifications at once, at most `concurrency` functions at a time."""

    files: int
    concurrency: int
    latency: Latency = field(default_factory=Latency)
    seed: int = 1

    def run(self) -> Outcome:
        """Play it to the end."""
        self._random = random.Random(self.seed)
        self._events: list[tuple[float, int, str, int, int, int]] = []
        self._serial, self._version, self._busy = 0, 0, 0
        self._waiting = [(number, 0) for number in range(self.files)]
        self._outcome = Outcome(self.files, self.concurrency)
        self._start(0.0)
        while self._events:
            now, _, what, attempt, turn, seen = heapq.heappop(self._events)
            if what == "retry":
                self._waiting.append((0, attempt))
            else:
                self._step(now, what, attempt, turn, seen)
            self._start(now)
        return self._outcome

    @property
    def indexed(self) -> int:
        """Files that the index holds."""
        return self._version

    def _start(self, now: float) -> None:
        while self._waiting and self._busy < self.concurrency:
            _, attempt = self._waiting.pop()
            self._busy += 1
            self._later(now + self._spread(self.latency.other), "read", attempt, 0, 0)

    def _step(self, now: float, what: str, attempt: int, turn: int, seen: int) -> None:
        outcome = self._outcome
        if what == "read":  # the answer carries what stands at this moment
            outcome.requests += 1
            arrival = now + self._answer(self.latency.get) + self._spread(self.latency.put)
            self._later(arrival + self._transfer(), "write", attempt, turn, self._version)
            return
        outcome.requests += 1
        outcome.most_turns = max(outcome.most_turns, turn + 1)
        if seen == self._version:
            self._version += 1
            self._busy -= 1
            outcome.seconds = now
            return
        if turn + 1 < TURNS:
            pause = self._random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**turn))
            self._later(now + pause, "read", attempt, turn + 1, 0)
            return
        self._busy -= 1
        if attempt < len(RETRY_AFTER):
            outcome.gave_up += 1
            self._later(now + RETRY_AFTER[attempt], "retry", attempt + 1, 0, 0)
        else:
            outcome.left_over += 1

    def _later(self, when: float, what: str, attempt: int, turn: int, seen: int) -> None:
        self._serial += 1
        heapq.heappush(self._events, (when, self._serial, what, attempt, turn, seen))

    def _answer(self, median: float) -> float:
        return self._spread(median) + self._transfer()

    def _transfer(self) -> float:
        size = self._version * self.latency.index_bytes_per_file
        return size / self.latency.bytes_per_second

    def _spread(self, median: float) -> float:
        return median * math.exp2(self._random.uniform(-1, 1))


def main(
    files: Annotated[int, typer.Option(min=1, help="Files that arrive at once.")] = 1000,
    concurrency: Annotated[int, typer.Option(min=1, help="Functions at a time.")] = 1000,
    index_bytes: Annotated[int, typer.Option(min=0, help="Bytes of the index per file.")] = 298,
) -> None:
    """Simulate one burst of uploads into one batch."""
    outcome = Burst(files, concurrency, Latency(index_bytes_per_file=index_bytes)).run()
    typer.echo(json.dumps(outcome.document(), indent=2))


if __name__ == "__main__":
    typer.run(main)
