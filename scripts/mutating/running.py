"""Runs the project's tests on a copy of it with one mutant in it, until the first test fails.

The copies' processes are forked from one that has imported what all tests need, so that a mutant
costs the tests up to the first failure and little else.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from scripts.mutating.mutant import Mutant

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "tests", "config", "data", "terraform", "pyproject.toml")
JUDGING = ("validate", "handler", "decide", "full", "naming")
TESTS = {
    "aws": ("tests/unit/ledger", "tests/unit/reconciler", "tests/faults"),
    "ledger": ("tests/unit/ledger", "tests/unit/reconciler", "tests/faults"),
    "reconcile": ("tests/unit/reconciler", "tests/faults", "tests/unit/ledger"),
    "contract": ("tests/unit/contract", "tests/unit/lambda_validator/test_decide.py"),
    "files": (
        *(f"tests/unit/lambda_validator/test_{name}.py" for name in JUDGING),
        "tests/faults",
    ),
    "lambda_validator": ("tests/unit/lambda_validator/test_handler.py", "tests/faults"),
}
NEEDED_BY_TESTS = ["boto3", "botocore.client", "hypothesis.stateful", "pytest", "yaml", "pydantic"]
# A mutant may make a test wait for ever, and that is one way to be caught.
PATIENCE = 4
FEWEST_SECONDS = 120


def room_of(file: str) -> str:
    """The room of the library, or the deployable, that a file lies in."""
    parts = file.split("/")
    return parts[1] if parts[0] == "lakegate" else parts[0]


@dataclass(eq=False)
class First:
    """A pytest plugin that keeps the name of the first test that fails."""

    failed: str = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest for each phase of each test."""
        if report.failed:
            self.failed = self.failed or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Called by pytest for each collected module."""
        if report.failed:
            self.failed = self.failed or report.nodeid


@dataclass
class Bench:
    """A copy of the project whose tests pass; those of a mutant may take `limit` seconds."""

    template: Path
    limit: float = FEWEST_SECONDS

    def __post_init__(self) -> None:
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(NEEDED_BY_TESTS)

    def failing_without_mutant(self, rooms: set[str]) -> str | None:
        """The first test that fails without any mutant. Its byte code serves all the copies."""
        begun = time.monotonic()
        tests = dict.fromkeys(test for room in rooms for test in TESTS[room])
        failed = self._first_failure(self.template, tuple(tests), None)
        self.limit = max(FEWEST_SECONDS, PATIENCE * (time.monotonic() - begun))
        return failed

    def caught_by(self, mutant: Mutant) -> str | None:
        """The first test that fails with the mutant, None if all pass."""
        room, module = room_of(mutant.file), Path(mutant.file).name
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            shutil.copytree(self.template, copy)
            edited = copy / "src" / mutant.file
            edited.write_text(mutant.applied(edited.read_text()))
            nearest = f"tests/unit/{room}/test_{module}"
            stages = (nearest, *TESTS[room]) if (copy / nearest).exists() else TESTS[room]
            failures = (self._first_failure(copy, (stage,), self.limit) for stage in stages)
            return next((failed for failed in failures if failed), None)

    def _first_failure(self, copy: Path, tests: tuple[str, ...], limit: float | None) -> str | None:
        receiver, sender = self._processes.Pipe(duplex=False)
        process = self._processes.Process(target=_run, args=(str(copy), tests, sender))
        process.start()
        sender.close()
        failed: str | None = "no answer: a test hangs"
        if receiver.poll(limit):
            with contextlib.suppress(EOFError):
                failed = receiver.recv()
        process.kill()
        process.join()
        return failed


def _run(copy: str, tests: tuple[str, ...], answer: Connection) -> None:
    os.chdir(copy)
    os.environ |= {"SEED": "1", "PYTHONPATH": f"{copy}/src:{copy}"}
    sys.path[:0] = [f"{copy}/src", copy]
    first = First()
    with Path(os.devnull).open("w") as nothing, contextlib.redirect_stdout(nothing):
        given = ["-x", "-q", "-p", "no:cacheprovider", "--rootdir", copy, *tests]
        code = pytest.main(given, plugins=[first])
    answer.send(None if code == 0 else first.failed or f"pytest ended with {code}")


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """A copy of the project to work on, removed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        (template / ".git").mkdir(parents=True)  # the contract's paths stay inside one checkout
        for name in COPIED:
            source, target = ROOT / name, template / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", ".terraform")
                shutil.copytree(source, target, ignore=ignored)
            else:
                shutil.copy2(source, target)
        yield Bench(template)
