"""The run report in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakegate.cli.web import html, run_report
from tests.ui import looks
from tests.ui.browser import Browser
from tests.unit.cli import finished
from tests.unit.cli.scene import fresh

BATCH = "2026-11-22"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    scene = fresh()
    finished.finish(scene, BATCH)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html.run_report(run_report.collect(scene.lake, BATCH)))
    return path.as_uri()


@pytest.mark.parametrize("scheme", looks.SCHEMES)
@pytest.mark.parametrize("width", looks.WIDTHS)
def test_it_is_readable(
    browser: Browser, page: str, width: int, scheme: str, tmp_path: Path
) -> None:
    browser.resize(width)
    browser.scheme(scheme)
    browser.open(page)
    assert looks.faults(browser) == []


def test_nothing_is_fetched(browser: Browser, page: str) -> None:
    browser.open(page)
    assert browser.run("return performance.getEntriesByType('resource').map(e => e.name)") == []


def test_counts_stand_on_the_arrows(browser: Browser, page: str) -> None:
    browser.resize(1200)
    browser.open(page)
    links = browser.run(
        "return [...document.querySelectorAll('#flow .link')].map(e => e.innerText.split(/\\n+/))"
    )
    assert links == [
        ["3 files", "510 kB", "1 rejected file"],
        ["23,500 lines", "89 rejected lines"],
        ["23,369 lines used", "42 duplicates dropped"],
    ]


def test_the_flow_goes_right_on_a_desk_and_down_on_a_phone(browser: Browser, page: str) -> None:
    places = """
    return [...document.querySelectorAll('#flow .stop')].map(e => e.getBoundingClientRect())
      .map(r => [Math.round(r.left), Math.round(r.top)])
    """
    browser.open(page)
    browser.resize(1200)
    wide = browser.run(places)
    browser.resize(390)
    narrow = browser.run(places)
    assert len(wide) == len(narrow) == 4
    assert len({top for _, top in wide}) == 1 and [x for x, _ in wide] == sorted(x for x, _ in wide)
    assert len({x for x, _ in narrow}) == 1
    assert [y for _, y in narrow] == sorted({y for _, y in narrow})


def test_bars_are_as_long_as_their_shares(browser: Browser, page: str) -> None:
    browser.resize(1200)
    browser.open(page)
    wide = browser.run(
        "return [...document.querySelectorAll('.funnel:nth-child(2) .stack i')]"
        ".map(e => e.getBoundingClientRect().width / e.parentElement.getBoundingClientRect().width)"
    )
    assert wide == pytest.approx([19_880 / 20_000, 40 / 20_000, 80 / 20_000], abs=1e-3)
