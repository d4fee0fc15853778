"""Proves lines good at the speed of a regular expression, by the layout their writer has."""

from lakegate.files.lines.proof.layout import Layout, learn
from lakegate.files.lines.proof.pattern import Pattern, pattern
from lakegate.files.lines.proof.vocabulary import Dialect

__all__ = ["Dialect", "Layout", "Pattern", "learn", "pattern"]
