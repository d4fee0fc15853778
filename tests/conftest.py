"""What holds for all tests."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import settings

# What helpers assert is told like what tests assert: a failure that is seen once must say all.
HERE = Path(__file__)
pytest.register_assert_rewrite(
    *(f"tests.{path.stem}" for path in HERE.parent.glob("[a-z]*") if path != HERE)
)

# A busy machine is no fault of the code: budgets of time are for benchmarks. A change is judged by
# the same examples each time; the thorough profile draws new ones every night.
settings.register_profile("untimed", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "untimed"))

PAGES = [Path(__file__).parents[1] / name for name in ("README.md", "docs/ledger.md")]
PROMISED = {name for page in PAGES for name in re.findall(r"`(test_\w+)`", page.read_text())}


class Promises:
    """Fails a session in which a test that a promise names is collected and passes in no case."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of a promised test; a skipped one has no call or a skipped call."""
        name = report.nodeid.rpartition("::")[2].partition("[")[0]
        if name in PROMISED and (report.when == "call" or report.skipped):
            self.passed[name] = self.passed.get(name, False) or report.passed

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Called at the end, before the summary."""
        if not all(self.passed.values()) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which promise nothing has shown."""
        for name in sorted(name for name, passed in self.passed.items() if not passed):
            terminalreporter.write_line(f"a promise names it, and no case of it passed: {name}")


def pytest_configure(config: pytest.Config) -> None:
    """LocalStack has no processes to kill: a promise is proven where it can be tried."""
    if os.environ.get("BACKEND") != "localstack" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Promises())
