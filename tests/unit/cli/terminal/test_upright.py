"""Rows of gold on a terminal: a line for each column, and no value loses a character."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from lakegate.cli.terminal import tables

ROW = {"a_long_name_of_a_column": "2026-01-01", "amount": "12345678.67", "n": 1}


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_narrow_terminal_breaks_values_and_cuts_none(width: int) -> None:
    written = io.StringIO()
    Console(file=written, width=width).print(tables.upright([ROW] * 5))
    text = written.getvalue()
    assert "…" not in text
    assert text.count("8") >= 5
