"""Small charts as inline SVG, coloured by the page's own style so that light and dark both fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from lakegate.contract.wording import counted

if TYPE_CHECKING:
    from lakegate.cli.web.distributions import Histogram, Ranking

WIDTH, HEIGHT, FOOT, TOP = 320, 120, 18, 6
ROW = 22


def number(value: float) -> str:
    """`1.2k`, `3.4M`, `12`, `0.25`: at most four figures."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}" if value != int(value) else f"{int(value)}"


def histogram(chart: Histogram) -> Markup:
    """Bars over bins; each tells its range and count when pointed at."""
    most = max(chart.counts) or 1
    slot = WIDTH / len(chart.counts)
    bars = []
    for index, count in enumerate(chart.counts):
        height = count / most * HEIGHT
        low, high = chart.edges[index], chart.edges[index + 1]
        last = index == len(chart.counts) - 1 and chart.beyond
        span = f"{number(low)} and more" if last else f"{number(low)} to {number(high)}"
        bars.append(
            f'<rect class="bar" x="{index * slot + 0.75:.2f}" y="{TOP + HEIGHT - height:.2f}" '
            f'width="{slot - 1.5:.2f}" height="{height:.2f}"><title>{span}: {counted(count, "row")}'
            "</title></rect>"
        )
    base = TOP + HEIGHT
    more = "+" if chart.beyond else ""
    labels = (
        f'<text x="0" y="{base + 14}">{number(chart.edges[0])}</text>'
        f'<text x="{WIDTH / 2}" y="{base + 14}" text-anchor="middle">'
        f"{number((chart.edges[0] + chart.edges[-1]) / 2)}</text>"
        f'<text x="{WIDTH}" y="{base + 14}" text-anchor="end">'
        f"{number(chart.edges[-1])}{more}</text>"
    )
    line = f'<line class="axis" x1="0" x2="{WIDTH}" y1="{base}" y2="{base}"/>'
    return _svg(chart.title, WIDTH, base + FOOT, "".join(bars) + line + labels)


def ranking(chart: Ranking) -> Markup:
    """A bar per value, the rest last."""
    rows = [*chart.values]
    if chart.others:
        rows.append(("others", chart.others))
    most = max((count for _, count in rows), default=1)
    parts = []
    for index, (value, count) in enumerate(rows):
        y = index * ROW
        width = count / most * (WIDTH - 130)
        parts.append(
            f'<text x="0" y="{y + 15}">{escape(value[:9])}</text>'
            f'<rect class="bar" x="66" y="{y + 4}" width="{width:.2f}" height="{ROW - 8}"/>'
            f'<text x="{66 + width + 6:.2f}" y="{y + 15}">{count:,}</text>'
        )
    return _svg(chart.title, WIDTH, len(rows) * ROW + 2, "".join(parts))


def _svg(title: str, width: float, height: float, inner: str) -> Markup:
    return Markup(
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{inner}</svg>'
    )
