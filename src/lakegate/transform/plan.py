"""What a run computes, as plain SQL: rendered when the project is built, only carried out by runs.

The relations of a run, by name; columns whose names begin with `_` are the run's own:

- `lines_<dataset>`, by the engine's reader: one row per line that is not blank. `_line` finds the
  raw line again, the contract's columns follow, `_reason` is null where no row rule is broken (of
  other lines the columns mean nothing), `_nulled` and `_rounded` are arrays of columns or null.
- `odd_keys`, `repeated_<dataset>`, `latest_<dataset>`, `unknown_<dataset>`, `stg_<dataset>`:
  generated from keys and references; a relation for which nothing is to do is left out.
- `rejected_lines` (`dataset`, `_line`, `reason`) and `line_outcomes` (`dataset`, `outcome`,
  `line_count`): what became of the lines.
- the project's views of `sql/staging` and its gold tables.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

REJECTED = "rejected_lines"
OUTCOMES = "line_outcomes"
TOTAL, FAILED = "total:", "failed:"  # before the names of columns of a summary
COMPARED = {"found", "expected"}  # the columns of a check of a whole table


@dataclass(frozen=True)
class View:
    """A relation by its query; `settle`: small and read several times, so computed once.

    `each` is the query of the rows that `sql` groups, for engines that have a faster way. With one
    column, the values that occur more than once are wanted. With two, the values whose second
    column is 0 in all their rows. A line gives at most `each_of_a_line` rows.
    """

    name: str
    sql: str
    settle: bool = False
    each: str = ""
    each_of_a_line: int = 1


@dataclass(frozen=True)
class Checks:
    """What must hold for a gold table that was written.

    `summary` has queries of one row each, together: `rows`, `row_hash`, `total:<name>` and, for
    each check, `failed:<name>`. `offenders` has by check a query for the rows that break it.
    """

    summary: tuple[str, ...]
    offenders: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """The relations in an order in which none stands before what it reads.

    `staging` ends where every line has its outcome; a relation of `gold` that has `checks` is a
    gold table and written, the others are views.
    """

    engine: str
    staging: tuple[View, ...]
    gold: tuple[View, ...]
    checks: dict[str, Checks] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Canonical JSON: same plan, same bytes."""
        return json.dumps(asdict(self), indent=1).encode() + b"\n"


def from_json(data: bytes) -> Plan:
    """The plan of bytes that `to_json` wrote."""
    found: dict[str, Any] = json.loads(data)
    checks = {
        name: Checks(tuple(given["summary"]), given["offenders"])
        for name, given in found["checks"].items()
    }
    return Plan(
        engine=found["engine"],
        staging=tuple(View(**view) for view in found["staging"]),
        gold=tuple(View(**view) for view in found["gold"]),
        checks=checks,
    )


def unknown(dataset: str) -> str:
    """The relation of what other datasets refer to and no staged line of this one has."""
    return f"unknown_{dataset}"
