"""What pages name as proof is there: tests, runs of Terraform's tests, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHECKLIST = (ROOT / "docs" / "checklist.md").read_text()
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
RUNS = set(
    re.findall(
        r'^run "(\w+)"',
        "\n".join(path.read_text() for path in (ROOT / "terraform").rglob("*.tftest.hcl")),
        re.MULTILINE,
    )
)


def rows() -> list[list[str]]:
    """The cells of the page's rows: number, what, verdict, how, proof."""
    lines = re.findall(r"^\| (\d+ \| .*) \|$", CHECKLIST, re.MULTILINE)
    return [line.split(" | ") for line in lines]


@pytest.mark.parametrize("page", ["checklist.md", "ledger.md", "security.md", "emulators.md"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = re.findall(r"`(?:\w+\.py::)?(test_\w+)`", (ROOT / "docs" / page).read_text())
    assert [name for name in named if f"def {name}(" not in TESTS] == []


def test_every_row_has_proof_that_is_there() -> None:
    for _, _, verdict, _, proof in rows():
        for name in re.findall(r"`(\w+)`", proof):
            assert name.startswith("test_") or name in RUNS, name
        files = re.findall(r"`(\w[\w/]*\.\w+)`", proof)
        assert [name for name in files if not (ROOT / name).exists()] == []
        assert "`" in proof or verdict == "missing"


def test_the_counts_are_those_of_the_rows() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, 99))
    found = [row[2] for row in rows()]
    said = re.search(r"\*\*(\d+) done,\s(\d+) argued, (\d+) partial, (\d+) missing\*\*", CHECKLIST)
    assert said is not None
    words = ("done", "argued", "partial", "missing")
    assert [int(count) for count in said.groups()] == [found.count(word) for word in words]
    assert set(found) <= set(words)
