"""Pieces of a page of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def spread(found: Mapping[str, float], places: str) -> str:
    """A median, and the least and the most where they differ."""
    middle, least, most = (f"{found[name]:{places}}" for name in ("median", "least", "most"))
    return middle if least == most else f"{middle} ({least} to {most})"


def machine(result: Mapping[str, Any]) -> str:
    """What a result was taken on."""
    found = result["machine"]
    memory = f", {found['memory_gib']} GiB" if "memory_gib" in found else ""
    return f"on {found['cpus']} processors ({found['cpu']}{memory}, {found['os']})"


def section(title: str, *parts: str) -> str:
    """A heading and paragraphs."""
    return "\n\n".join((f"## {title}", *(part.rstrip() for part in parts))) + "\n"


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """The first column to the left, all others to the right."""
    lines = [heads, tuple("---" if not n else "---:" for n in range(len(heads))), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
