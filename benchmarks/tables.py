"""The results as Markdown: `python -m benchmarks.tables` writes results/README.md from the JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.cost.bill import Assumptions, Load, per_run
from benchmarks.harness import markdown
from benchmarks.harness.figures import RESULTS
from benchmarks.harness.layouts import LAYOUTS
from lakegate.contract.wording import counted

Doc = Mapping[str, Any]

_INTRODUCTION = """# Results

`python -m benchmarks.tables` writes this page from the JSON files beside it, and
`python -m benchmarks.plot` the picture; [`make bench`](../README.md) measures all of it again.
Times are medians, with the least and the most.

![The results as charts](benchmarks.svg)
"""


def page(folder: Path = RESULTS) -> str:
    """The whole page; a result that is not there has no section."""
    parts = [_INTRODUCTION]
    for name, section in SECTIONS.items():
        found = folder / f"{name}.json"
        if found.exists():
            parts.append(section(json.loads(found.read_text(encoding="utf-8"))))
    return "\n".join(parts)


def job(result: Doc) -> str:
    """Seconds of each contestant at each size, and how many times those of the scan."""
    rows = []
    for size, taken in result["sizes"].items():
        floor = taken["contestants"]["scan"]["median"]
        for name, found in taken["contestants"].items():
            times = found["seconds"]
            ends = {"median": found["median"], "least": min(times), "most": max(times)}
            ratio, peak = f"{found['median'] / floor:.2f}", f"{found['peak_mb']:,}"
            line = (markdown.spread(ends, ".1f"), str(len(times)), ratio, peak)
            rows.append((f"3 x {int(size):,} rows, {_told(name)}", *line))
        for name, limit in taken["endless"].items():
            taken_longer = (f"not within {limit:.0f}", "1", "", "")
            rows.append((f"3 x {int(size):,} rows, {_told(name)}", *taken_longer))
        for name in taken.get("failed", ()):
            rows.append((f"3 x {int(size):,} rows, {_told(name)}", "failed", "1", "", ""))
    return markdown.section(
        "Job",
        f"In turns, each from the start of its process, {markdown.machine(result)}. "
        "[What they are](../README.md).",
        markdown.table(("contestant", "seconds", "rounds", "of scan", "memory, MB"), rows),
    )


def _told(name: str) -> str:
    contestant, _, layout = name.partition(":")
    return ", ".join(filter(None, (contestant.replace("_", " "), LAYOUTS.get(layout))))


def generator(result: Doc) -> str:
    """Rows a second of both ways to make data."""
    rows = (
        (name, markdown.spread(result[f"{key}_rows_per_second"], ",.0f"))
        for name, key in (("generator", "generator"), ("Faker, row by row", "faker"))
    )
    times = result["times_faster"]
    about = f"{result['rows']:,} rows, {result['bytes'] / 1e6:,.0f} MB, {markdown.machine(result)}."
    ratio = (
        f"{markdown.spread(times, '.0f')} times faster, "
        f"{result['generator_seconds']['median']:.1f} s for all rows."
    )
    return markdown.section("Generator", about, markdown.table(("", "rows a second"), rows), ratio)


def validator(result: Doc) -> str:
    """Time, memory and requests of both depths."""
    rows = (
        (
            one["depth"],
            f"{one['megabytes']:,} MB",
            markdown.spread(one["seconds"], ".3f"),
            f"{one['cpu_seconds']:.3f}",
            f"{one['peak_memory_mib']:.0f}",
            str(one["requests"]),
        )
        for one in result["measured"]
    )
    heads = ("depth", "file", "seconds", "processor seconds", "process, MiB", "requests")
    ratio = result["sampled_largest_to_smallest"]
    below = (
        f"`sampled`, largest file against smallest: {ratio['seconds']:.2f} times the time, "
        f"{ratio['cpu_seconds']:.2f} the processor time, {ratio['peak_memory_mib']:.2f} the memory."
    )
    return markdown.section(
        "Validator",
        f"{counted(result['repeats'], 'round')}, {markdown.machine(result)}.",
        markdown.table(heads, rows),
        below,
    )


def latency(result: Doc) -> str:
    """From the last upload to the job."""
    named = {"from_upload_begun": "first byte", "from_upload_ended": "S3's answer"}
    found = result["seconds_to_job_start"]
    rows = ((label, markdown.spread(found[name], ".3f")) for name, label in named.items())
    about = f"{result['repeats']} batches on the embedded emulator, {markdown.machine(result)}."
    table = markdown.table(("from the last upload's …", "seconds to the job's start"), rows)
    return markdown.section(
        "Last upload to job", about, table, f"Budget: {result['budget_seconds']} s."
    )


def make_up(result: Doc) -> str:
    """Whole times, and steps."""
    budget = result["budget_seconds"]
    rows = (
        (name, markdown.spread(found, ".1f"), str(budget[name]))
        for name, found in result["seconds"].items()
    )
    whole = markdown.table(("make up", "seconds", "budget"), rows)
    steps = result["steps"]
    lines = (
        (step, *(f"{steps[kind].get(step, 0):.1f}" for kind in steps)) for step in steps["cold"]
    )
    rounds = counted(result["rounds"], "round")
    taken = f"{rounds} on the embedded emulator, {markdown.machine(result)}"
    return markdown.section(
        "make up",
        f"The sample, {taken}.",
        whole,
        "Step by step:",
        markdown.table(("step", *steps), lines),
    )


def calls(result: Doc) -> str:
    """Requests, and what a batch of a million rows of each dataset costs with them."""
    kinds = {
        "per_file": "a file",
        "last_file_more": "the last file, more",
        "job": "the job, without Spark",
        "reconciler_at_rest": "the reconciler, at rest",
    }
    names = sorted({name for kind in kinds for name in result[kind]})
    requests = (
        (label, *(f"{result[kind].get(name, 0):g}" for name in names))
        for kind, label in kinds.items()
    )
    dollars = per_run(Load(), result, Assumptions())
    paid = [(name.replace("_", " of ", 1), f"{value:.6f}") for name, value in dollars.items()]
    total = ("**sum**", f"{sum(dollars.values()):.6f}")
    return markdown.section(
        "Requests and dollars",
        "Counted at the SDK; prices of us-east-1 for a million rows of each dataset, a file each "
        "([cost.md](../../docs/cost.md) has the month).",
        markdown.table(("requests of", *names), requests),
        markdown.table(("a batch pays for", "$"), [*paid, total]),
    )


def conversion(result: Doc) -> str:
    """Speed and memory of each shape."""
    rows = (
        (
            one["shape"],
            f"{one['megabytes']:,.0f} MB",
            f"{one['written_megabytes']:,.0f} MB",
            f"{one['cpu_seconds']['median']:.2f}",
            f"{one['mb_per_cpu_second']:,.0f}",
            f"{one['peak_memory_mib']:.0f}",
        )
        for one in result["measured"]
    )
    heads = ("shape", "text", "lines", "processor seconds", "MB a second", "process, MiB")
    return markdown.section(
        "Conversion",
        f"{counted(result['repeats'], 'round')}, {markdown.machine(result)}; from memory, without "
        "a network.",
        markdown.table(heads, rows),
    )


SECTIONS: dict[str, Callable[[Doc], str]] = {
    "job": job,
    "generator": generator,
    "validator": validator,
    "conversion": conversion,
    "latency": latency,
    "make_up": make_up,
    "calls": calls,
}


def main(folder: Annotated[Path, typer.Argument()] = RESULTS) -> None:
    """Write the page beside the results."""
    (folder / "README.md").write_text(page(folder), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
