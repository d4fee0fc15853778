"""The documentation site: every page is on it, and what is generated is up to date."""

from __future__ import annotations

from pathlib import Path

import yaml

from scripts.documents import cli, links, sql

ROOT = Path(__file__).parents[3]


def named(entry: object) -> list[str]:
    """The pages below an entry of the navigation."""
    if isinstance(entry, str):
        return [entry]
    children = entry if isinstance(entry, list) else list(entry.values())  # type: ignore[attr-defined]
    return [page for child in children for page in named(child)]


def test_every_page_is_in_the_navigation_once() -> None:
    pages = named(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])
    found = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert sorted(pages) == sorted(found)


def test_the_reference_of_commands_is_up_to_date() -> None:
    assert cli.PAGE.read_text() == cli.text(), "python -m scripts.documents.cli"


def test_the_page_of_functions_is_up_to_date() -> None:
    page = sql.PAGE.read_text()
    assert page == sql.written(page), "python -m scripts.documents.sql"


def test_links_out_of_the_pages_become_paths() -> None:
    class Page:
        class file:
            src_uri = "decisions/0001.md"

    given = "[a](../scaling.md) [b](../../terraform/README.md#c) ![d](../../x.svg)"
    expected = "[a](../scaling.md) b (`terraform/README.md`) d (`x.svg`)"
    assert links.on_page_markdown(given, Page()) == expected
