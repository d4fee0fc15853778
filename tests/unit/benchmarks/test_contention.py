"""The simulated index: nothing is lost, nothing is free, and crowds get in each other's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.cost import bursts
from benchmarks.cost.contention import Burst, Latency, Outcome

EVEN = Latency(get=0.01, put=0.01, other=0.0, bytes_per_second=1e12)


def burst(files: int, concurrency: int, latency: Latency = EVEN) -> Outcome:
    return Burst(files, concurrency, latency).run()


def test_one_after_the_other_takes_two_requests_each() -> None:
    outcome = burst(50, 1)
    assert (outcome.requests, outcome.most_turns, outcome.gave_up) == (100, 1, 0)


def test_two_at_once_meet_once() -> None:
    outcome = burst(2, 2)
    assert outcome.requests == 6  # read, write twice; read, write once more
    assert outcome.most_turns == 2


@pytest.mark.parametrize("concurrency", [2, 20, 200])
def test_every_file_gets_in_or_is_counted_as_left_over(concurrency: int) -> None:
    run = Burst(300, concurrency, EVEN)
    outcome = run.run()
    assert run.indexed == 300 - outcome.left_over


def test_a_crowd_pays_with_requests() -> None:
    few, many = (burst(300, concurrency).requests for concurrency in (5, 300))
    assert many > 2 * few


def test_a_growing_index_slows_every_change_down() -> None:
    slow = Latency(0.01, 0.01, 0.0, bytes_per_second=1e6, index_bytes_per_file=1000)
    assert burst(200, 1, slow).seconds > 10 * burst(200, 1).seconds


def test_same_seed_same_outcome() -> None:
    assert burst(100, 50) == burst(100, 50)


def test_files_that_run_out_of_turns_and_retries_are_left_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("benchmarks.cost.contention.TURNS", 1)
    run = Burst(100, 100, EVEN)
    outcome = run.run()
    assert outcome.left_over == 100 - run.indexed > 0
    assert outcome.gave_up > outcome.left_over  # each had been retried twice before


def test_the_page_shows_what_is_simulated() -> None:
    """If this fails, put into docs/scaling.md what python -m benchmarks.cost.bursts prints."""
    page = Path(__file__).resolve().parents[3] / "docs" / "scaling.md"
    assert bursts.table(bursts.outcomes(most=1_000)) in page.read_text(encoding="utf-8")
