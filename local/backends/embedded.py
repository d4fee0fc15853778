"""The embedded backend of the commands."""

from __future__ import annotations

import os

from local.backends.stack import LASTING_JAVA, QUICK_JAVA, QUICK_ROWS, Stack
from local.places import Places
from local.tools import preflight, toolchain


def embedded(places: Places, port: int, rows: int | None = None, *, spark: bool = True) -> Stack:
    """The emulator of this project as a Backend, for that many rows; fetches its tools at first.

    Without `spark` it needs no Java, and Glue runs fail.
    """
    return Stack(
        places,
        port,
        toolchain.find(os.environ, spark=spark),
        driver_memory=preflight.driver_memory(),
        java_options=LASTING_JAVA if (rows or 0) > QUICK_ROWS else QUICK_JAVA,
    )
