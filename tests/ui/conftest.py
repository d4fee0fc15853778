"""One browser for all tests of pages; without one they are skipped, and the reason is printed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui import browser as browsers
from tests.ui.browser import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if reason := browsers.missing():
        pytest.skip(f"{reason}: apt-get install chromium chromium-driver")
    with browsers.session() as session:
        yield session
