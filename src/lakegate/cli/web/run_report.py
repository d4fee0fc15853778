"""Everything about one run that is worth a look: from ledger, job report, Glue and gold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakegate.cli.errors import NotFoundError
from lakegate.cli.reads import explain, facts, gold, timeline
from lakegate.cli.web import cost, distributions
from lakegate.transform import verdict

if TYPE_CHECKING:
    from lakegate.cli.lake import Lake
    from lakegate.cli.reads.facts import Facts
    from lakegate.cli.reads.job_runs import JobRun
    from lakegate.cli.reads.rejected import RejectedFile
    from lakegate.cli.reads.revision import Revision
    from lakegate.cli.web.distributions import Distributions


@dataclass(frozen=True)
class Funnel:
    """Lines of a dataset: `read = used + rejected + deduplicated`; reasons by count.

    `beside` has what happened to values of lines that count: `nulled <column>`, `rounded <column>`.
    """

    dataset: str
    read: int
    used: int
    deduplicated: int
    rejected: int
    reasons: tuple[tuple[str, int], ...]
    beside: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Table:
    """A gold table as the run wrote it; no distributions where the run failed."""

    name: str
    description: str
    prefix: str
    rows: int
    totals: tuple[tuple[str, str], ...]
    distributions: Distributions | None


@dataclass(frozen=True)
class RunReport:
    """What the HTML shows; `report` is the job's own record of the run."""

    batch: str
    revision: str
    state: str
    error: str
    made_at: datetime
    report: dict[str, Any]
    inputs: tuple[dict[str, Any], ...]
    rejected_files: tuple[RejectedFile, ...]
    funnels: tuple[Funnel, ...]
    phases: tuple[timeline.Phase, ...]
    bill: tuple[cost.Item, ...]
    tables: tuple[Table, ...]
    engine: str
    steps: tuple[explain.Step, ...]
    is_published: bool


def collect(lake: Lake, batch: str, revision: str | None = None) -> RunReport:
    """The report of a revision: the published one unless another is named.

    Raises NotFoundError when no run of it has left a report.
    """
    found = facts.collect(lake, batch)
    chosen = _choose(found, revision)
    report = chosen.report
    if report is None:
        raise NotFoundError(f"No run of revision {chosen.revision} has left a report yet.")
    job = found.runs.get(report["run_id"])
    now = datetime.now(UTC)
    return RunReport(
        batch=batch,
        revision=chosen.revision,
        state=report["state"],
        error=report.get("error") or "",
        made_at=now,
        report=report,
        inputs=tuple(report["inputs"]),
        rejected_files=found.rejections,
        funnels=tuple(funnel(name, counts) for name, counts in report["datasets"].items()),
        phases=tuple(timeline.phases(found, chosen, job)),
        bill=tuple(_bill(lake, report, job)),
        tables=tuple(
            _table(lake, name, told, succeeded=report["state"] == "SUCCEEDED")
            for name, told in gold.told_of(report).items()
        ),
        engine=engine_of(report),
        steps=explain.explain(found, lake.contract, now).steps,
        is_published=bool(found.published and found.published.run_id == report["run_id"]),
    )


def engine_of(report: dict[str, Any]) -> str:
    """The engine of a run with its version, as `spark 3.5.6`."""
    name = str(report.get("engine", "spark"))
    return f"{name} {report['versions'].get(name, '')}".strip()


def _table(lake: Lake, name: str, told: dict[str, Any], *, succeeded: bool) -> Table:
    rules = lake.contract.gold_tables.get(name)
    grain = rules.grain if rules else ()
    titles = {
        column.name: column.description or column.name
        for column in (rules.columns if rules else ())
    }
    prefix = str(told["prefix"])
    described = (
        distributions.describe(gold.tables(lake, prefix), grain, titles) if succeeded else None
    )
    return Table(
        name=name,
        description=rules.description if rules else "",
        prefix=prefix,
        rows=int(told.get("rows") or 0),
        totals=tuple((key, str(value)) for key, value in (told.get("totals") or {}).items()),
        distributions=described if described and described.rows else None,
    )


def _choose(found: Facts, revision: str | None) -> Revision:
    if revision is not None:
        named = [item for item in found.revisions.values() if item.revision.startswith(revision)]
        if len(named) != 1:
            known = ", ".join(found.revisions) or "none"
            raise NotFoundError(f"{revision!r} names no single revision; there are: {known}")
        return named[0]
    wanted = found.published.revision if found.published else None
    chosen = found.revisions.get(wanted) if wanted else found.current
    if chosen is None:
        raise NotFoundError(f"{found.batch} has no run yet: lakegate explain {found.batch}")
    return chosen


def funnel(dataset: str, counts: dict[str, int]) -> Funnel:
    """What became of the lines of a dataset."""
    reasons = {name: count for name, count in verdict.reasons(counts).items() if count}
    beside = {
        name.replace("_", " ", 1): count
        for name, count in counts.items()
        if name.startswith(verdict.BESIDE) and count
    }
    return Funnel(
        dataset=dataset,
        read=counts.get("read", 0),
        used=counts.get("used", 0),
        deduplicated=counts.get("deduplicated", 0),
        rejected=sum(reasons.values()),
        reasons=_ranked(reasons),
        beside=_ranked(beside),
    )


def _ranked(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _bill(lake: Lake, report: dict[str, Any], job: JobRun | None) -> list[cost.Item]:
    seconds = job.seconds if job and job.seconds else sum(report.get("seconds", {}).values())
    if report.get("engine") == "duckdb":
        return cost.of_function(seconds, len(report["inputs"]), report.get("function_mib"))
    settings = lake.glue.get_job(JobName=lake.settings.glue_job)["Job"]
    return cost.of_run(
        seconds,
        job.dpu_seconds if job else None,
        settings.get("NumberOfWorkers", 2),
        settings.get("WorkerType", "G.1X"),
        len(report["inputs"]),
    )
