"""The generator against the usual way to make test data: one Faker call per value, row by row."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from faker import Faker

from benchmarks.harness.figures import machine, report, spread

ROOT = Path(__file__).resolve().parent.parent
_TYPES = ("page_view", "search", "product_view", "add_to_cart", "checkout", "purchase")
_STATES = ("pending", "paid", "shipped", "delivered", "cancelled", "refunded")
_METHODS = ("card", "paypal", "gift_card", "bank_transfer")


def main(
    rows: Annotated[
        int, typer.Option(help="Rows of each dataset that the generator writes.")
    ] = 1_000_000,
    faker_rows: Annotated[int, typer.Option(help="Rows of each dataset by Faker.")] = 5_000,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each, in turns.")] = 5,
    out: Annotated[Path | None, typer.Option(help="Also write the result there.")] = None,
) -> None:
    """Rows per second of both, in alternation, and how many times faster the generator is."""
    ours: list[Spent] = []
    theirs: list[Spent] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats):
            theirs.append(_faker(faker_rows, Path(folder)))
            ours.append(_generator(rows, Path(folder)))
        size = sum(path.stat().st_size for path in Path(folder).glob("*.json"))
    turns = list(zip(ours, theirs, strict=True))
    result = {
        "benchmark": "generator",
        "machine": machine(),
        "rows": 3 * rows,
        "bytes": size,
        "repeats": repeats,
        "generator_seconds": spread([one.seconds for one in ours], 2),
        "generator_rows_per_second": spread([one.rate for one in ours], 0),
        "faker_rows_per_second": spread([one.rate for one in theirs], 0),
        "times_faster": spread([a.rate / b.rate for a, b in turns], 0),
        "times_fewer_cpu_seconds": spread([a.cpu_rate / b.cpu_rate for a, b in turns], 0),
        "largest_process_mib": _largest_child_mib(),
    }
    report(result, out)


@dataclass(frozen=True)
class Spent:
    """What writing `rows` rows took: time on the clock and time of all processors."""

    rows: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Rows per second."""
        return self.rows / self.seconds

    @property
    def cpu_rate(self) -> float:
        """Rows per second of one processor."""
        return self.rows / self.cpu_seconds


def _largest_child_mib() -> int:
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round(peak / (2**20 if platform.system() == "Darwin" else 2**10))


def _generator(rows: int, folder: Path) -> Spent:
    """A process of its own, start and imports included."""
    command = [sys.executable, str(ROOT / "scripts/generate_data.py"), "--rows", str(rows)]
    cpu, started = os.times(), time.perf_counter()
    subprocess.run([*command, "--out", str(folder)], check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, os.times()
    used = after.children_user + after.children_system - cpu.children_user - cpu.children_system
    return Spent(3 * rows, seconds, used)


def _faker(rows: int, folder: Path) -> Spent:
    """The loop alone: imports and the set-up of Faker are not counted."""
    fake = Faker()
    fake.seed_instance(1)
    made = {
        "users": _users(fake, rows),
        "events": _events(fake, rows),
        "orders": _orders(fake, rows),
    }
    cpu, started = time.process_time(), time.perf_counter()
    for name, dataset in made.items():
        with (folder / f"faker-{name}.txt").open("w", encoding="utf-8") as file:
            for row in dataset:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return Spent(3 * rows, time.perf_counter() - started, time.process_time() - cpu)


def _users(fake: Faker, rows: int) -> Iterator[dict[str, Any]]:
    for number in range(rows):
        yield {
            "user_id": number + 1,
            "full_name": fake.name(),
            "email": fake.email(),
            "country": fake.country_code(),
            "city": fake.city(),
            "signed_up_at": fake.iso8601() + "Z",
            "marketing_opt_in": fake.boolean(),
        }


def _events(fake: Faker, rows: int) -> Iterator[dict[str, Any]]:
    for _ in range(rows):
        yield {
            "event_id": fake.uuid4(),
            "user_id": fake.random_int(1, rows),
            "session_id": fake.uuid4(),
            "event_type": fake.random_element(_TYPES),
            "occurred_at": fake.iso8601() + "Z",
            "device": fake.random_element(("web", "ios", "android")),
            "product_id": fake.random_int(1, 10_000),
        }


def _orders(fake: Faker, rows: int) -> Iterator[dict[str, Any]]:
    for _ in range(rows):
        yield {
            "order_id": fake.uuid4(),
            "user_id": fake.random_int(1, rows),
            "ordered_at": fake.iso8601() + "Z",
            "status": fake.random_element(_STATES),
            "amount": fake.random_int(100, 100_000) / 100,
            "item_count": fake.random_int(1, 8),
            "payment_method": fake.random_element(_METHODS),
        }


if __name__ == "__main__":
    typer.run(main)
