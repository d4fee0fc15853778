"""The live page in a real browser: it shows the lake, follows it, and survives its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lakegate.files.reasons import Code
from tests.fakes.cloud import Call, Fault
from tests.ui import looks
from tests.ui.browser import Browser
from tests.unit.cli import finished
from tests.unit.cli.scene import Scene, fresh
from tests.unit.cli.web.served import Served, served

B = "2026-11-22"
LIVE = "return document.querySelector('#fresh').className === 'pill good'"


@pytest.fixture
def scene() -> Scene:
    scene = fresh()
    finished.finish(scene, B)
    return scene


@pytest.fixture
def site(scene: Scene) -> Iterator[Served]:
    with served(scene.lake) as site:
        yield site


@pytest.mark.parametrize("scheme", looks.SCHEMES)
@pytest.mark.parametrize("width", looks.WIDTHS)
def test_it_is_readable(
    browser: Browser, site: Served, scene: Scene, width: int, scheme: str
) -> None:
    scene.arrive("sample-20261122-235959", "users", "events", "orders")
    browser.resize(width)
    browser.scheme(scheme)
    browser.open(site.url)
    browser.wait(LIVE)
    assert looks.faults(browser) == []


def test_it_follows_the_lake_by_itself(browser: Browser, site: Served, scene: Scene) -> None:
    browser.open(site.url)
    browser.wait(LIVE)
    words = "return [...document.querySelectorAll('#batches .pick')].map(e => e.innerText)"
    assert [row.split("\t")[:2] for row in browser.run(words)] == [[B, "published"]]
    scene.arrive("another", "users")
    scene.cloud.s3.put("bronze-bucket", "another/users.json", b"x")
    browser.wait("return document.querySelectorAll('#batches .pick').length === 2")
    browser.wait("return document.querySelector('#zone-bronze .fresh') !== null")
    assert "missing: events, orders" in browser.run(
        "return document.querySelector('#batches').innerText"
    )


def test_a_chosen_batch_tells_its_story(browser: Browser, site: Served, scene: Scene) -> None:
    scene.refuse("late", "orders", Code.EMPTY)
    browser.open(site.url)
    browser.wait("return document.querySelectorAll('#batches .pick').length === 2")
    browser.run(
        "[...document.querySelectorAll('#batches .pick')]"
        ".find(e => e.innerText.startsWith('late')).click()"
    )
    browser.wait("return document.querySelector('#about').innerText === 'Batch late'")
    assert Code.EMPTY.fix in browser.run("return document.querySelector('#detail').innerText")
    assert browser.run("return location.hash") == "#late"


def test_gold_shows_rows(browser: Browser, site: Served) -> None:
    browser.open(site.url)
    browser.wait(LIVE)
    cells = (
        "return [...document.querySelectorAll('#gold tr:nth-child(2) td')].map(e => e.innerText)"
    )
    # User 1: one event, one session, one order of 25.50.
    assert browser.run(cells)[:6] == ["1", "FR", "1", "1", "1", "25.50"]


def test_names_from_the_lake_are_never_markup(browser: Browser, site: Served, scene: Scene) -> None:
    scene.cloud.s3.put("bronze-bucket", "<img src=x onerror=document.title='broken'>", b"x")
    browser.open(site.url)
    browser.wait("return document.querySelector('#zone-bronze')?.innerText.includes('onerror')")
    assert browser.run("return document.title") == "lake"
    assert browser.run("return document.images.length") == 0


def test_a_lake_that_goes_down_is_said_and_one_that_comes_back_is_shown(
    browser: Browser, site: Served, scene: Scene
) -> None:
    def down(call: Call) -> Fault:
        return "before"

    browser.open(site.url)
    browser.wait(LIVE)
    scene.cloud.hook = down
    shown = "return document.querySelector('#trouble').getClientRects().length > 0"
    browser.wait(shown)
    text = browser.run("return document.querySelector('#trouble').innerText")
    assert text.startswith("The lake does not answer: ")
    scene.cloud.hook = None
    browser.wait(LIVE)
    assert browser.run(shown) is False
