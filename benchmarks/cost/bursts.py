"""Plays the bursts of docs/scaling.md and prints its table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

import typer

from benchmarks.cost.contention import Burst

# Files at once, and functions at a time.
BURSTS = (
    (3, 3),
    (30, 30),
    (30, 10),
    (30, 3),
    (120, 120),
    (120, 10),
    (1_000, 1_000),
    (1_000, 100),
    (1_000, 10),
    (6_000, 1_000),
    (6_000, 10),
)
HEAD = """\
| files at once | functions at a time | all in after | index requests a file | gave up, retried | left to the reconciler |
| ---: | ---: | ---: | ---: | ---: | ---: |
"""  # noqa: E501
ROW = (
    "| {files:,} | {concurrency:,} | {seconds} s | {index_requests_per_file} "
    "| {gave_up:,} | {left_over} |\n"
)


def table(played: Iterable[Mapping[str, float]]) -> str:
    """The outcomes as Markdown."""
    return HEAD + "".join(ROW.format(**outcome) for outcome in played)


def outcomes(most: int) -> Iterator[dict[str, float]]:
    """The figures of each burst of at most so many files."""
    return (Burst(*burst).run().document() for burst in BURSTS if burst[0] <= most)


def main(
    most: Annotated[int, typer.Option(help="Leave out bursts of more files.")] = 6_000,
) -> None:
    """Simulate every burst; takes some seconds."""
    typer.echo(table(outcomes(most)), nl=False)


if __name__ == "__main__":
    typer.run(main)
