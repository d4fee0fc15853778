"""What the tests of lakegate share."""

from __future__ import annotations

import pytest

from tests.unit.cli.scene import Scene, fresh


@pytest.fixture
def scene() -> Scene:
    return fresh()
