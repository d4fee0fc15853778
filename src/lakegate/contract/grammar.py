"""The grammar of bronze keys, the same for every project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Keys:
    """What a key consists of."""

    batch_pattern: str = "[a-z0-9][a-z0-9-]{0,63}"
    part_pattern: str = "[0-9]{4}"
    suffix_pattern: str = r"\.(?:json|jsonl|ndjson|csv)(?:\.gz)?"
    default_batch: str = "default"
    unknown_batch: str = "_unknown"
    manifest: str = "_manifest.json"


KEYS = Keys()


def key_pattern(datasets: Iterable[str]) -> re.Pattern[str]:
    """Matches a valid bronze key of data; groups batch, dataset, part and suffix."""
    names = "|".join(sorted(datasets))
    return re.compile(
        rf"(?:(?P<batch>{KEYS.batch_pattern})/)?"
        rf"(?P<dataset>{names})(?:-(?P<part>{KEYS.part_pattern}))?"
        rf"(?P<suffix>{KEYS.suffix_pattern})"
    )
