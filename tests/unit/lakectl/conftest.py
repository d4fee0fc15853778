"""What the tests of lakectl share."""

from __future__ import annotations

import pytest

from tests.unit.lakectl.scene import Scene, fresh


@pytest.fixture
def scene() -> Scene:
    return fresh()
