"""README, Makefile, Terraform, Python and CI speak of the same things."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from tests.conftest import PROMISED, Promises

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z0-9-]+):.*## ", MAKEFILE, re.MULTILINE))
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.splitlines()
PAGES = [name for name in TRACKED if name.endswith(".md") and (ROOT / name).exists()]


def test_fixed_top_level_is_there() -> None:
    for name in (
        "README.md",
        "Makefile",
        "docker-compose.yml",
        "architecture/pipeline_architecture.png",
        "data",
        "scripts",
        "src/glue_jobs",
        "src/lambda_validator",
        "terraform",
        "tests",
    ):
        assert (ROOT / name).exists(), name


def test_readme_fits_in_150_lines() -> None:
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("page", [*PAGES, ".ci/run", ".github/workflows/ci.yml"])
def test_every_make_target_that_is_named_exists(page: str) -> None:
    text = (ROOT / page).read_text()
    named = set(re.findall(r"(?:`|^\s*(?:run: |\$ )?)make ([a-z][a-z0-9-]*)", text, re.MULTILINE))
    assert named <= TARGETS


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"", text)
    for link in (one or two for one, two in links):
        if not link.startswith(("http://", "https://", "mailto:")):
            assert ((ROOT / page).parent / link).exists(), link


def test_every_path_of_the_readme_tree_exists() -> None:
    tree = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert tree
    paths = [line.split()[0] for line in tree[1].splitlines() if line.strip()]
    assert len(paths) > 8
    for path in paths:
        assert (ROOT / path).exists(), path


def test_makefile_stays_small_and_explains_itself() -> None:
    phony = set(re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE))
    assert phony == TARGETS
    assert len(TARGETS) <= 24


def test_no_room_has_more_than_twelve_modules() -> None:
    code = r"(src|local|scripts|benchmarks|tests)/"
    modules = [Path(name) for name in TRACKED if re.match(code, name)]
    rooms = Counter(
        path.parent for path in modules if path.suffix == ".py" and path.stem != "__init__"
    )
    assert len(rooms) > 40
    assert {str(room): count for room, count in rooms.items() if count > 12} == {}


def test_lock_files_hold_hashes_and_no_index_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "http" not in re.sub(r"^[a-z]\S*==.*|^ +# via.*|^ +#   .*", "", text, flags=re.M)
        pins = re.findall(r"^[a-z0-9][^ ]*==", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)


def test_product_code_knows_no_local_place() -> None:
    rooms = [path for path in (ROOT / "src").rglob("*.py") if "lakegate/cli" not in path.as_posix()]
    assert len(rooms) > 60
    for module in rooms:
        assert not re.search(
            r"localhost|127\.0\.0\.1|AWS_ENDPOINT|is_local|localstack|ministack",
            module.read_text(),
            re.IGNORECASE,
        ), module


def test_emulator_and_tools_speak_the_same_botocore() -> None:
    pins = {
        name: re.findall(r"^botocore==(\S+)", (ROOT / f"requirements/{name}.txt").read_text(), re.M)
        for name in ("dev", "emulator")
    }
    assert pins["dev"] == pins["emulator"] != []


def test_gate_script_runs_the_readme_commands() -> None:
    gate = (ROOT / ".ci/run").read_text()
    for command in ("make up", "make test"):
        assert command in gate
        assert command in README


@pytest.mark.parametrize(
    ("page", "head"),
    [("README.md", "| promise | how | proven by |"), ("docs/ledger.md", "| promise | test |")],
)
def test_every_promise_names_tests_that_run(page: str, head: str) -> None:
    """A session in which one of them is skipped fails, see conftest.py."""
    table = (ROOT / page).read_text().partition(f"\n{head}\n")[2].partition("\n\n")[0]
    rows = table.splitlines()[1:]
    assert len(rows) > 5
    commands = re.findall(r"pytest -q (.+)", MAKEFILE)
    folders = {word for line in commands for word in line.split() if word.startswith("tests/")}
    written = "\n".join(
        path.read_text() for name in folders for path in (ROOT / name).rglob("test_*.py")
    )
    for row in rows:
        named = re.findall(r"`(test_\w+|scripts/\w+\.py)`", row)
        assert named, row
        for name in named:
            assert (ROOT / name).is_file() or f"def {name}(" in written, name


@pytest.mark.parametrize(
    ("cases", "status"),
    [(("passed", "skipped"), 0), (("skipped", "skipped"), 1), (("failed", "passed"), 0), ((), 0)],
)
def test_a_promise_whose_test_is_skipped_fails_the_session(
    cases: tuple[Any, ...], status: int
) -> None:
    promises, session = Promises(), Mock(exitstatus=pytest.ExitCode.OK)
    for number, outcome in enumerate(cases):
        where = f"tests/a.py::{sorted(PROMISED)[0]}[{number}]", ("tests/a.py", 1, "")
        for report in (
            pytest.TestReport(*where, {}, outcome, None, "call"),
            pytest.TestReport(
                where[0].replace("test_", "test_no_", 1), where[1], {}, "skipped", None, "setup"
            ),
        ):
            promises.pytest_runtest_logreport(report)
    promises.pytest_sessionfinish(session)
    assert session.exitstatus == status
