"""What the pipeline costs on AWS at any size: the tables of the docs, or any other load as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.cost.bill import (
    MONTH_DAYS,
    Assumptions,
    Load,
    duckdb_seconds,
    job_seconds,
    per_month,
    per_run,
)
from benchmarks.cost.prices import PRICES
from benchmarks.harness.figures import RESULTS

CALLS = RESULTS / "calls.json"

# What docs/scaling.md shows: times the size, load, workers.
SCALES = (
    (1, Load(), 2),
    (10, Load(rows=30_000_000, files=30), 3),
    (100, Load(rows=300_000_000, files=120), 21),
    (10_000, Load(rows=30_000_000_000, files=6_000), 201),
)
_HEADINGS = (
    *("times", "rows", "bytes", "files", "workers", "job"),
    *("Glue", "S3", "Lambda", "$ a batch", "$ a month"),
)


def table(calls: Mapping[str, Any]) -> str:
    """A Markdown table of the scales, one daily batch each."""
    lines = [
        "| " + " | ".join(_HEADINGS) + " |",
        "| ---: " * len(_HEADINGS) + "|",
    ]
    for times, load, workers in SCALES:
        assumed = Assumptions(workers)
        run, month = per_run(load, calls, assumed), per_month(load, calls, assumed)
        cells = (
            f"{times:,}",
            f"{load.rows / 1e6:,.0f} M",
            f"{load.rows * load.bytes_per_row / 1e9:,.1f} GB",
            f"{load.files:,}",
            f"{workers}",
            f"{job_seconds(load, assumed):,.0f} s",
            f"{run['glue']:.3f}",
            f"{run['s3_pipeline'] + run['s3_spark']:.4f}",
            f"{run['lambda']:.5f}",
            f"{sum(run.values()):.3f}",
            f"{sum(month.values()):,.2f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def prices(calls: Mapping[str, Any]) -> str:
    """A Markdown table of the smallest load: each price, a batch, a month of one a day."""
    load, assumed = Load(), Assumptions()
    run, month = per_run(load, calls, assumed), per_month(load, calls, assumed)
    per_use = {
        "Glue": (f"{PRICES['glue_dpu_hour']:g} a DPU-hour, a minute at least", run["glue"]),
        "S3": (
            "{:g} a 1,000 writes, {:g} a 1,000 reads".format(
                1000 * PRICES["s3_write"], 1000 * PRICES["s3_read"]
            ),
            run["s3_pipeline"] + run["s3_spark"],
        ),
        "Lambda, KMS": ("a GB-second, a request", run["lambda"] + run["kms"]),
    }
    fixed = {
        "storage": f"{PRICES['s3_gb_month']:g} a GB-month, after {load.kept_days} days",
        "reconciler": "every 5 minutes, requests included",
        "key": f"{PRICES['kms_key_month']:g} a month",
        "metrics": f"{assumed.metrics} at {PRICES['custom_metric_month']:.2f}",
        "alarms": f"{assumed.alarms} at {PRICES['alarm_month']:.2f}",
        "dashboard": f"{PRICES['dashboard_month']:g} a month",
    }
    lines = ["| what | price | $ a batch | $ a month |", "| --- | --- | ---: | ---: |"]
    for what, (price, dollars) in per_use.items():
        lines.append(f"| {what} | {price} | {dollars:.5f} | {MONTH_DAYS * dollars:.2f} |")
    lines += [f"| {what} | {price} | | {month[what]:.2f} |" for what, price in fixed.items()]
    lines.append(f"| **sum** | | {sum(run.values()):.5f} | {sum(month.values()):.2f} |")
    later = sum(per_month(replace(load, kept_days=365), calls, assumed).values())
    lines.append(f"| after a year, where nothing expires | | | {later:.2f} |")
    return "\n".join(lines) + "\n"


def engines(calls: Mapping[str, Any]) -> str:
    """A Markdown table of a month at 1, 10 and 1,000 batches a day, on either engine."""
    lines = [
        "| 3 x 1M rows | $ a batch | 1 a day | 10 a day | 1,000 a day | fixed of that |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for engine in ("spark", "duckdb"):
        assumed = Assumptions(engine=engine)
        run = sum(per_run(Load(), calls, assumed).values())
        months = [
            sum(per_month(Load(batches_a_day=often), calls, assumed).values())
            for often in (1, 10, 1000)
        ]
        fixed = sum(per_month(Load(batches_a_day=0), calls, assumed).values())
        lines.append(
            f"| {engine} | {run:.5f} | "
            + " | ".join(f"{month:,.2f}" for month in months)
            + f" | {fixed:.2f} |"
        )
    return "\n".join(lines) + "\n"


# What docs/cost.md compares: rows of a batch, memory of the function.
SIZES = ((300_000, 3008), (3_000_000, 3008), (6_000_000, 3008), (30_000_000, 6144))


def sizes(calls: Mapping[str, Any]) -> str:
    """A Markdown table of a batch of each size on either engine: seconds and dollars."""
    lines = [
        "| rows | bytes | spark, s | spark, $ | duckdb, MiB | duckdb, s | duckdb, $ | of spark's |",
        "| ---: " * 8 + "|",
    ]
    for rows, memory in SIZES:
        load = Load(rows=rows)
        spark, duckdb = Assumptions(), Assumptions(engine="duckdb", duckdb_mb=memory)
        there, here = (sum(per_run(load, calls, on).values()) for on in (spark, duckdb))
        cells = (
            f"{rows / 1e6:g} M",
            f"{rows * load.bytes_per_row / 1e9:,.2f} GB",
            f"{job_seconds(load, spark):,.0f}",
            f"{there:.4f}",
            f"{memory:,}",
            f"{duckdb_seconds(load, duckdb):,.1f}",
            f"{here:.4f}",
            f"{here / there:.0%}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines).replace("%", " %") + "\n"


def main(  # noqa: PLR0913, PLR0917 - one argument for each option
    rows: Annotated[int, typer.Option(help="Rows of a batch, all datasets together.")] = 3_000_000,
    files: Annotated[int, typer.Option(help="Files of a batch.")] = 3,
    batches_a_day: Annotated[float, typer.Option(help="Batches a day.")] = 1,
    workers: Annotated[int, typer.Option(min=2, help="G.1X workers.")] = 2,
    calls: Annotated[Path, typer.Option(help="Counts of benchmarks/cost/calls.py.")] = CALLS,
    scales: Annotated[bool, typer.Option("--scales", help="The table of docs/scaling.md.")] = False,
    cost: Annotated[bool, typer.Option("--prices", help="The table of docs/cost.md.")] = False,
) -> None:
    """Estimate dollars per batch and per month."""
    counted = json.loads(calls.read_text(encoding="utf-8"))
    if scales:
        typer.echo(table(counted), nl=False)
        return
    if cost:
        typer.echo("\n".join((prices(counted), engines(counted), sizes(counted))), nl=False)
        return
    load, assumed = Load(rows, files, batches_a_day=batches_a_day), Assumptions(workers)
    result = {
        "job_seconds": round(job_seconds(load, assumed)),
        "per_run": _rounded(per_run(load, counted, assumed)),
        "per_month": _rounded(per_month(load, counted, assumed)),
    }
    typer.echo(json.dumps(result, indent=2))


def _rounded(items: Mapping[str, float]) -> dict[str, float]:
    return {
        name: round(value, 6) for name, value in {**items, "total": sum(items.values())}.items()
    }


if __name__ == "__main__":
    typer.run(main)
