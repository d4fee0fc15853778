"""What a correct run must find: counts by reason and gold totals, exact to the hundredth."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.generator.dirt.victims import Added
from scripts.generator.tables.block import Block

NAME = "expected.json"


@dataclass
class Tally:
    """Counts of one file or one dataset; `gold` sums gold columns, revenue in hundredths."""

    read: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    nulled: Counter[str] = field(default_factory=Counter)
    deduplicated: int = 0
    gold: Counter[str] = field(default_factory=Counter)
    files: list[dict[str, Any]] = field(default_factory=list)

    def add_rows(self, block: Block, rows: slice) -> None:
        """Count clean rows of a block."""
        self.read += len(next(iter(block.cells.values())).text[rows])
        for column, values in block.gold.items():
            self.gold[column] += int(values[rows].sum())

    def add_line(self, added: Added) -> None:
        """Count a line that dirt added."""
        self.read += 1
        self.deduplicated += added.deduplicated
        if added.rejected:
            self.rejected[added.rejected] += 1
        if added.nulled:
            self.nulled[added.nulled] += 1
        self.gold.update(added.gold)

    def add(self, other: Tally) -> None:
        """Count what another one counted."""
        self.read += other.read
        self.rejected.update(other.rejected)
        self.nulled.update(other.nulled)
        self.deduplicated += other.deduplicated
        self.gold.update(other.gold)
        self.files += other.files

    def document(self) -> dict[str, Any]:
        """As in the job's report: read = used + rejected + deduplicated."""
        rejected = sum(self.rejected.values())
        return {
            "read": self.read,
            "used": self.read - rejected - self.deduplicated,
            "rejected": rejected,
            "deduplicated": self.deduplicated,
            "reasons": dict(sorted(self.rejected.items())),
            "nulled": dict(sorted(self.nulled.items())),
            "files": sorted(self.files, key=lambda file: str(file["name"])),
        }


def write(path: Path, request: dict[str, Any], tallies: dict[str, Tally]) -> None:
    """One JSON document; sums under `gold` carry the names of the gold table's columns."""
    gold: Counter[str] = Counter()
    for tally in tallies.values():
        gold.update(tally.gold)
    users = gold.pop("users", 0)
    sums: dict[str, int | str] = dict(sorted(gold.items()))
    if "revenue" in gold:
        sums["revenue"] = f"{gold['revenue'] // 100}.{gold['revenue'] % 100:02d}"
    document = {
        "version": 1,
        "request": request,
        "datasets": {name: tally.document() for name, tally in tallies.items()},
        "gold": {"user_activity": {"rows": users, "sums": sums}},
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
