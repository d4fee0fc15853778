"""Pages from templates; everything is inside them, so that they show without a network."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lakegate.cli.web import charts, cost

if TYPE_CHECKING:
    from lakegate.cli.web.run_report import RunReport


def environment() -> Environment:
    """Templates of this package, with everything escaped that is not markup."""
    made = Environment(
        loader=PackageLoader("lakegate.cli.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"count": count, "share": share, "took": took, "clock": clock, "size": size}
    made.globals |= {
        "style": Markup(
            resources.files("lakegate.cli.web").joinpath("templates/style.css").read_text()
        ),
        "histogram": charts.histogram,
        "ranking": charts.ranking,
        "number": charts.number,
    }
    return made


def run_report(report: RunReport) -> str:
    """One self-contained HTML page."""
    start, end = _span(report)
    return (
        environment()
        .get_template("run_report.html.j2")
        .render(
            r=report,
            total=cost.total(report.bill),
            start=start,
            seconds=max((end - start).total_seconds(), 0.001) if start and end else 0,
            marks={"done": "✓", "bad": "✗", "waits": "…", "told": "·"},
        )
    )


def _span(report: RunReport) -> tuple[datetime | None, datetime | None]:
    if not report.phases:
        return None, None
    return report.phases[0].start, max(phase.end for phase in report.phases)


def count(value: int) -> str:
    """`12,345`"""
    return f"{value:,}"


def share(part: float, whole: float) -> str:
    """A percentage; small ones keep two figures."""
    percent = 100 * part / whole if whole else 0.0
    return f"{percent:.0f} %" if percent in (0, 100) else f"{percent:.2f} %"


def took(seconds: float) -> str:
    """`350 ms`, `12.3 s`, `4 min 05 s`"""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"


def clock(moment: datetime | None) -> str:
    """`22:10:46`, in UTC."""
    return f"{moment:%H:%M:%S}" if moment else ""


def size(value: float) -> str:
    """`169 kB`"""
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= limit:
            return f"{value / limit:.3g} {unit}"
    return f"{value:.0f} B"
