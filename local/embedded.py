"""The embedded backend of the commands."""

from __future__ import annotations

import os

from local import preflight, toolchain
from local.places import Places
from local.stack import Stack


def embedded(places: Places, port: int) -> Stack:
    """The emulator of this project as a Backend; fetches its tools on first use."""
    return Stack(places, port, toolchain.find(os.environ), driver_memory=preflight.driver_memory())
