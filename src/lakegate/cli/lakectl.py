"""The tool's name in the first edition: says once that it is called `lakegate` now."""

from __future__ import annotations

import sys

from lakegate.cli.main import app


def main() -> None:
    """As `lakegate`, after one warning."""
    sys.stderr.write("lakectl is called lakegate now; this name goes with the next release\n")
    app()
