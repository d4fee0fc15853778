"""Bad rows made from good ones: each is an added line, so the good rows stay as they were."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lakegate.contract import Contract
from scripts.generator.dirt.victims import Added, Row, Victim, contribution, shifted, text
from scripts.generator.dirt.wrong import malformed_lines, wrong_values


@dataclass(frozen=True)
class Kind:
    """A family of faults, at one column where it has one."""

    family: str
    column: str = ""

    @property
    def rejects(self) -> bool:
        """Whether each line of this kind adds one rejected row."""
        return self.family in REJECTED


def kinds(contract: Contract, name: str) -> list[Kind]:
    """Every kind of bad row that the contract of a dataset knows."""
    dataset = contract.datasets[name]
    whole = ["duplicate", "superseded", "unusual"]
    if contract.validation == "sampled":  # a full check refuses the file for one such line
        whole.append("malformed")
    if any(to.dataset == "users" for to in dataset.references.values()):
        whole.append("unknown_user")
    faults = [
        Kind(family, column.name) for family in ("missing", "bad") for column in dataset.required
    ]
    return [
        *map(Kind, whole),
        *faults,
        *(Kind("nulled", column.name) for column in dataset.optional),
    ]


def add(kind: Kind, victim: Victim) -> Added:
    """One bad line of a kind."""
    return FAMILIES[kind.family](victim, kind.column)


def _malformed(victim: Victim, _: str) -> Added:
    lines = malformed_lines(victim.line)
    return Added(lines[victim.chance % len(lines)], rejected="malformed")


def _missing(victim: Victim, column: str) -> Added:
    row = victim.row()
    del row[column]
    if victim.chance % 2:
        row[column] = None
    return Added(text(row), rejected=f"missing_{column}")


def _bad(victim: Victim, column: str) -> Added:
    return Added(text(_spoiled(victim.row(), victim, column)), rejected=f"bad_{column}")


def _nulled(victim: Victim, column: str) -> Added:
    row = _spoiled(victim.renamed(), victim, column)
    gold = contribution(victim.name, row | {column: None})
    return Added(text(row), nulled=f"nulled_{column}", gold=gold)


def _spoiled(row: Row, victim: Victim, column: str) -> Row:
    values = wrong_values(victim.dataset.column(column))
    return row | {column: values[victim.chance % len(values)]}


def _duplicate(victim: Victim, _: str) -> Added:
    row = victim.row()
    lines = (victim.line, text(dict(reversed(row.items()))), text(row | {"trace": victim.chance}))
    return Added(lines[victim.chance % len(lines)], deduplicated=1)


def _superseded(victim: Victim, _: str) -> Added:
    """An older copy that loses, a newer one that wins and changes gold, or one as old: no matter
    which of these two wins, as they differ where gold does not look."""
    row, at, name = victim.row(), victim.latest_by, victim.name
    seconds = (-1, 1, 0)[victim.chance % (3 if name in _TIES else 2)]
    if seconds == 0:
        return Added(text(row | _TIES[name]), rejected="superseded")
    changed = row | {at: shifted(row[at], seconds)} | _CHANGES.get(name, {})
    gold: Counter[str] = Counter()
    if seconds > 0:
        gold.update(contribution(name, changed))
        gold.subtract(contribution(name, row))
    return Added(text(changed), rejected="superseded", gold=gold)


def _unknown_user(victim: Victim, _: str) -> Added:
    row = victim.renamed()
    for column, target in victim.dataset.references.items():
        if target.dataset == "users":
            row[column] = 2 * victim.users + 1 + victim.fresh
    return Added(text(row), rejected="unknown_user")


def _unusual(victim: Victim, _: str) -> Added:
    """Good rows in a form that is seldom seen."""
    row, at = victim.renamed(), victim.latest_by
    local = datetime.fromisoformat(row[at]) + timedelta(hours=5, minutes=30)
    strings = {
        column.name: str(row[column.name])
        for column in victim.dataset.columns
        if column.decimal and row.get(column.name) is not None
    }
    lines = (
        text(row) + b"\r",
        b"  " + text(row) + b" \n",  # a blank line follows
        text(row | strings),
        text(row | {at: local.replace(tzinfo=None).isoformat() + "+05:30"}),
        text(row | {at: row[at].removesuffix("Z")}),
        text({"trace": {"id": [victim.chance]}} | row),
        json.dumps(row).encode(),  # escapes what is not ASCII
    )
    return Added(lines[victim.chance % len(lines)], gold=contribution(victim.name, row))


_CHANGES: dict[str, Row] = {
    "users": {"full_name": "Changed Name"},
    "events": {"event_type": "search"},
    "orders": {"status": "paid", "amount": 77.7},
}
# values that no generated row has, in columns that gold does not hold
_TIES: dict[str, Row] = {
    "users": {"email": "tie@example.com"},
    "events": {"product_id": 0},
    "orders": {"item_count": 99},
}
FAMILIES: dict[str, Callable[[Victim, str], Added]] = {
    "malformed": _malformed,
    "missing": _missing,
    "bad": _bad,
    "nulled": _nulled,
    "duplicate": _duplicate,
    "superseded": _superseded,
    "unknown_user": _unknown_user,
    "unusual": _unusual,
}
REJECTED = frozenset({"malformed", "missing", "bad", "superseded", "unknown_user"})
