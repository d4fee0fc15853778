"""The panels of the picture, one for each result."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.cost.bill import Assumptions, Load, per_run

INK, QUIET, LINE = "#1f2933", "#52606d", "#cbd2d9"
OURS, OTHER, BUDGET = "#0b7285", "#adb5bd", "#c92a2a"
SHADES = ("#0b7285", "#22b8cf", "#99e9f2", "#5c7cfa", "#bac8ff", "#868e96", "#dee2e6", "#ced4da")
Result = Mapping[str, Any]
PANEL_POINTS, LABEL_POINTS = 165, 12  # heights of a panel's field and of a line of text


def job(axes: Any, result: Result) -> None:
    """Seconds over rows, each contestant."""
    names = {
        "job": ("this job", OURS),
        "duckdb_job": ("this job on DuckDB", "#2b8a3e"),
        "unchecked": ("unchecked on Spark", "#868e96"),
        "scan": ("Spark's scan", "#5c7cfa"),
        "polars": ("Polars", "#ae3ec9"),
        "duckdb": ("DuckDB", "#f08c00"),
    }
    last: list[tuple[float, str, str]] = []
    for name, (label, colour) in names.items():
        found = {
            int(size): taken["contestants"][name]
            for size, taken in result["sizes"].items()
            if name in taken["contestants"]
        }
        if not found:
            continue
        middle = [one["median"] for one in found.values()]
        ends = [
            [one["median"] - min(one["seconds"]) for one in found.values()],
            [max(one["seconds"]) - one["median"] for one in found.values()],
        ]
        width = 2.5 if name == "job" else 1.5
        axes.errorbar(
            list(found), middle, yerr=ends, color=colour, marker="o", ms=4, lw=width, capsize=3
        )
        last.append((middle[-1], f"{label}, {middle[-1]:.0f} s", colour))
    sizes = [int(size) for size in result["sizes"]]
    axes.set_xscale("log")
    axes.set_yscale("log")
    last.sort()
    for (seconds, label, colour), away in zip(last, _apart(axes, last), strict=True):
        axes.annotate(
            label, (max(sizes), seconds), xytext=(8, away),
            textcoords="offset points", va="center", color=colour, fontweight="bold",
        )  # fmt: skip
    axes.set_xticks(sizes, [f"3 x {size / 1e6:g}M" for size in sizes])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g} s")
    axes.set_xlim(min(sizes) / 1.3, max(sizes) * 4)
    axes.grid(axis="y", color=LINE, lw=0.6)
    _title(axes, "The job and its peers", "seconds by rows, both scales logarithmic")


def _apart(axes: Any, last: Sequence[tuple[float, str, str]]) -> Iterator[float]:
    """By how many points each label, from the lowest on, moves up so that none covers another."""
    low, high = map(math.log, axes.get_ylim())
    taken = -math.inf
    for seconds, *_ in last:
        place = (math.log(seconds) - low) / (high - low) * PANEL_POINTS
        taken = max(place, taken + LABEL_POINTS)
        yield taken - place


def generator(axes: Any, result: Result) -> None:
    """Rows a second, in thousands."""
    ends = [
        tuple(result[f"{name}_rows_per_second"][end] / 1e3 for end in ("median", "least", "most"))
        for name in ("generator", "faker")
    ]
    _bars(axes, ["generator", "Faker, row by row"], ends, [OURS, OTHER], "{:,.0f}")
    times = result["times_faster"]["median"]
    _title(
        axes, "Making data", f"thousand rows a second; the generator makes {times:.0f} times more"
    )


def validator(axes: Any, result: Result) -> None:
    """Seconds over size, both depths."""
    for depth, colour, away in (("sampled", OURS, -22), ("full", QUIET, 12)):
        measured = [one for one in result["measured"] if one["depth"] == depth]
        sizes = [one["megabytes"] for one in measured]
        middle = [one["seconds"]["median"] for one in measured]
        ends = [
            [abs(one["seconds"][end] - one["seconds"]["median"]) for one in measured]
            for end in ("least", "most")
        ]
        axes.errorbar(sizes, middle, yerr=ends, color=colour, marker="o", ms=5, lw=2, capsize=3)
        text = f"{depth}, {middle[-1]:.3g} s"
        place = {"xytext": (-6, away), "textcoords": "offset points", "ha": "right"}
        axes.annotate(text, (sizes[-1], middle[-1]), color=colour, fontweight="bold", **place)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(0.005, 60)
    axes.set_xticks(sizes, [f"{size:,} MB" for size in sizes])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g} s")
    axes.grid(axis="y", color=LINE, lw=0.6)
    _title(axes, "Checking one file", "seconds by size, both scales logarithmic")


def conversion(axes: Any, result: Result) -> None:
    """Megabytes of text a processor second, each shape at its largest."""
    largest = {one["shape"]: one for one in result["measured"]}
    ends = [
        tuple(one["megabytes"] / one["cpu_seconds"][end] for end in ("median", "most", "least"))
        for one in largest.values()
    ]
    _bars(axes, list(largest), ends, [OURS] * len(largest), "{:,.0f}")
    _title(axes, "Converting one file", "megabytes of text a processor second")


def latency(axes: Any, result: Result) -> None:
    """Seconds to the job against their budget."""
    found, budget = result["seconds_to_job_start"], result["budget_seconds"]
    labels = ["from its first byte", "from S3's answer"]
    ends = [_ends(found[name]) for name in ("from_upload_begun", "from_upload_ended")]
    _bars(axes, labels, ends, [OURS, OURS], "{:.2f} s")
    _budget(axes, budget)
    _title(axes, "Last upload to the job's start", "seconds, embedded emulator")


def make_up(axes: Any, result: Result) -> None:
    """Whole times in steps."""
    kinds = list(result["seconds"])
    places = range(len(kinds))
    left = [0.0] * len(kinds)
    for number, step in enumerate(result["steps"][kinds[0]]):
        widths = [result["steps"][kind].get(step, 0.0) for kind in kinds]
        shade = SHADES[number % len(SHADES)]
        wide = max(widths) > 0.05 * max(found["median"] for found in result["seconds"].values())
        axes.barh(places, widths, left=left, color=shade, height=0.6, label=step if wide else None)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for place, kind in enumerate(kinds):
        axes.annotate(
            f"{result['seconds'][kind]['median']:.0f} s",
            (max(left[place], result["seconds"][kind]["median"]), place),
            xytext=(5, 0), textcoords="offset points", va="center", fontweight="bold",
        )  # fmt: skip
        axes.plot([result["budget_seconds"][kind]] * 2, [place - 0.4, place + 0.4], color=BUDGET)
    axes.legend(frameon=False, fontsize=7.5, loc="lower right")
    _rows(axes, kinds)
    _title(axes, "make up", "seconds by step; the red lines are the budgets")


def dollars(axes: Any, result: Result) -> None:
    """What a batch of a million rows of each dataset pays for."""
    paid = per_run(Load(), result, Assumptions())
    labels = {
        "glue": "Glue",
        "s3_pipeline": "S3, pipeline",
        "s3_spark": "S3, Spark",
        "lambda": "Lambda",
        "kms": "KMS",
    }
    ends = [(100 * paid[name],) * 3 for name in labels]
    _bars(axes, list(labels.values()), ends, [OURS] * len(labels), "{:.4f} ct")
    total = 100 * sum(paid.values())
    _title(axes, "A batch on AWS", f"cents for a million rows of each dataset, {total:.2f} in all")


def _bars(
    axes: Any, labels: Sequence[str], ends: Sequence[Sequence[float]], colours: list[str], text: str
) -> None:
    """A bar for each label up to its median, with a line from the least to the most."""
    medians = [middle for middle, _, _ in ends]
    around = [[m - least for m, least, _ in ends], [most - m for m, _, most in ends]]
    errors = around if any(map(any, around)) else None
    axes.barh(
        range(len(labels)), medians, color=colours, height=0.62 if len(labels) > 3 else 0.4,
        xerr=errors, error_kw={"ecolor": INK, "lw": 1, "capsize": 3},
    )  # fmt: skip
    for place, (middle, _, most) in enumerate(ends):
        axes.annotate(
            text.format(middle), (most, place), xytext=(6, 0), textcoords="offset points",
            va="center", fontweight="bold",
        )  # fmt: skip
    axes.set_xlim(0, 1.2 * max(most for _, _, most in ends))
    _rows(axes, labels)


def _rows(axes: Any, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels, color=INK)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=LINE, lw=0.6)


def _budget(axes: Any, seconds: float) -> None:
    axes.axvline(seconds, color=BUDGET, lw=1.5)
    axes.set_xlim(0, 1.2 * max(seconds, axes.get_xlim()[1] / 1.2))
    place = {"xytext": (-5, 2), "textcoords": "offset points", "ha": "right", "color": BUDGET}
    axes.annotate(f"budget {seconds:g} s", (seconds, axes.get_ylim()[0]), **place)


def _title(axes: Any, title: str, below: str) -> None:
    axes.set_title(title)
    axes.annotate(
        below, (0, 1), xycoords="axes fraction", xytext=(0, 7), textcoords="offset points",
        color=QUIET, fontsize=8.5,
    )  # fmt: skip


def _ends(found: Mapping[str, float]) -> tuple[float, float, float]:
    return found["median"], found["least"], found["most"]
