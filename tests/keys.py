"""Each key of the contract that decides about rows, and what the same lines come to with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

YAML = """\
version: 2
project: keys
max_rejected_ratio: 0.9
datasets:
  airlines:
    primary_key: carrier
    columns:
      - {name: carrier, type: string}
  flights:
    primary_key: number
    columns:
      - {name: number, type: int}
      - {name: carrier, type: string}
      - {name: at, type: timestamp}
      - {name: delay, type: int}
gold_tables:
  found:
    grain: [number, carrier]
"""
MART = "select number, carrier, cast(at as date) as day, delay from stg_flights\n"
LINES = {
    "airlines": ['{"carrier":"UA"}'],
    "flights": [
        '{"number":1,"carrier":"UA","at":"2026-01-02T00:00:00Z","delay":5,"more":{"delay":50}}',
        '{"number":1,"carrier":"XX","at":"2026-01-01T00:00:00Z","delay":3,"more":{"delay":30}}',
        '{"number":2,"carrier":null,"at":1767225600,"delay":"8","more":{}}',
        '{"number":3,"carrier":"XX","at":"2026-01-03T00:00:00Z","delay":4}',
    ],
}
RATIO = "max_rejected_ratio: 0.9\n"
KEYED = "    primary_key: number\n"
A, B = (1, "UA", "2026-01-02", 5), (1, "XX", "2026-01-01", 3)
C, D = (2, None, None, None), (3, "XX", "2026-01-03", 4)
C_NULLED = {"nulled_at": 1, "nulled_delay": 1}


class Case(NamedTuple):
    """Changes of the contract, and the rows of gold and outcomes of flights they lead to."""

    key: str
    edits: tuple[tuple[str, str], ...]
    rows: list[tuple[int, str | None, str | None, int | str | None]]
    outcomes: dict[str, int]


def of_flights(line: str, *others: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """An edit that adds a line to the dataset, besides others."""
    return ((KEYED, f"{KEYED}    {line}\n"), *others)


CARRIER = "carrier, type: string}\n      - {name: at"
CASES = [
    Case("none", (), [B, C, D], {"superseded": 1} | C_NULLED),
    Case("primary_key, left out", ((KEYED, ""),), [A, B, C, D], C_NULLED),
    Case(
        "primary_key, two columns",
        ((KEYED, "    primary_key: [number, carrier]\n"),),
        [A, B, D],
        {"missing_carrier": 1},
    ),
    Case("latest_by", of_flights("latest_by: delay"), [A, C, D], {"superseded": 1} | C_NULLED),
    Case(
        "references",
        ((KEYED, "    primary_key: [number, at]\n    references: {carrier: airlines}\n"),),
        [A],
        {"unknown_carrier": 2, "bad_at": 1},
    ),
    Case(
        "references, kept",
        of_flights("references: {carrier: {dataset: airlines, unknown: keep}}"),
        [B, C, D],
        {"superseded": 1} | C_NULLED,
    ),
    Case(
        "required",
        (("delay, type: int", "delay, type: int, required: true"),),
        [B, D],
        {"superseded": 1, "bad_delay": 1},
    ),
    Case(
        "allowed",
        ((CARRIER, CARRIER.replace("}", ", allowed: [UA]}")),),
        [A, C, (3, None, "2026-01-03", 4)],
        {"superseded": 1, "nulled_carrier": 2} | C_NULLED,
    ),
    Case(
        "default",
        (("delay, type: int", "delay, type: int, default: -1"),),
        [B, (2, None, None, -1), D],
        {"superseded": 1} | C_NULLED,
    ),
    Case(
        "casts",
        of_flights("casts: lenient"),
        [B, (2, None, "2026-01-01", 8), D],
        {"superseded": 1},
    ),
    Case(
        "casts, of all",
        ((RATIO, f"{RATIO}casts: lenient\n"),),
        [B, (2, None, "2026-01-01", 8), D],
        {"superseded": 1},
    ),
    Case(
        "casts, the dataset's before the contract's",
        of_flights("casts: strict", (RATIO, f"{RATIO}casts: lenient\n")),
        [B, C, D],
        {"superseded": 1} | C_NULLED,
    ),
    Case(
        "type",
        (("delay, type: int", "delay, type: string"),),
        [(1, "XX", "2026-01-01", None), (2, None, None, "8"), (3, "XX", "2026-01-03", None)],
        {"superseded": 1, "nulled_at": 1, "nulled_delay": 3},
    ),
    Case(
        "epoch",
        of_flights("casts: lenient", ("type: timestamp", "type: timestamp, epoch: ms")),
        [B, (2, None, "1970-01-21", 8), D],
        {"superseded": 1},
    ),
    Case(
        "source",
        (("delay, type: int", "delay, type: int, source: more.delay"),),
        [(1, "XX", "2026-01-01", 30), C, (3, "XX", "2026-01-03", None)],
        {"superseded": 1, "nulled_at": 1},
    ),
]
IDS = [case.key for case in CASES]


class Policy(NamedTuple):
    """Changes of the contract, the lines of flights, and the error that ends the run, if any."""

    key: str
    edits: tuple[tuple[str, str], ...]
    flights: list[str]
    error: str


REQUIRED = ("delay, type: int", "delay, type: int, required: true")
STRICTER = (RATIO, "max_rejected_ratio: 0.2\n")
BAD_QUARTER = r"flights: 1 of 4 lines rejected, more than 20.00%: bad_delay 1"
GRAIN = "grain: [number, carrier]"
DECLARED = (
    "{name: number, type: int}, {name: carrier, type: string}, {name: day, type: date}, "
    "{name: delay, type: int, required: true}"
)


def of_table(line: str, error: str) -> Policy:
    """A line of the table that ends the run."""
    key = line.partition(":")[0]
    return Policy(key, ((GRAIN, f"{GRAIN}\n    {line}"),), LINES["flights"], error)


POLICIES = [
    Policy("max_rejected_ratio, kept", (REQUIRED,), LINES["flights"], ""),
    Policy("max_rejected_ratio", (REQUIRED, STRICTER), LINES["flights"], BAD_QUARTER),
    Policy(
        "max_rejected_ratio, of a dataset",
        of_flights("max_rejected_ratio: 0.2", REQUIRED),
        LINES["flights"],
        BAD_QUARTER,
    ),
    Policy(
        "max_rejected_ratio, the dataset's before the contract's",
        of_flights("max_rejected_ratio: 0.3", REQUIRED, STRICTER),
        LINES["flights"],
        "",
    ),
    Policy("may_be_empty, left out", (), [""], "flights: no lines in "),
    Policy("may_be_empty", of_flights("may_be_empty: true"), [""], ""),
    Policy("grain", ((GRAIN, "grain: [carrier]"),), LINES["flights"], "found: unique_key"),
    of_table("row_checks: {late: delay > 3}", "found: late"),
    of_table("checks: {all: {found: count(*), expected: select 4}}", "found: all"),
    of_table("checks: {last: {found: max(carrier), expected: select 'a'}}", "found: last"),
    of_table(f"columns: [{DECLARED}]", "found: not_null"),
]
POLICY_IDS = [policy.key for policy in POLICIES]


def yaml_of(case: Case | Policy) -> str:
    """The contract of a case."""
    text = YAML
    for old, new in case.edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def write(folder: Path, case: Case | Policy) -> Path:
    """The project of a case."""
    (folder / "sql" / "marts").mkdir(parents=True)
    (folder / "sql" / "marts" / "found.sql").write_text(MART)
    (folder / "pipeline.yaml").write_text(yaml_of(case))
    return folder


def files(folder: Path) -> list[Path]:
    """The lines of each dataset, written as files."""
    paths = []
    for name, texts in LINES.items():
        paths.append(folder / f"{name}.json")
        paths[-1].write_text("".join(f"{text}\n" for text in texts))
    return paths


def lines() -> dict[str, list[bytes]]:
    """The lines of each dataset."""
    return {name: [line.encode() for line in texts] for name, texts in LINES.items()}


def lines_of(policy: Policy) -> dict[str, list[bytes]]:
    """The lines of a policy's datasets."""
    return lines() | {"flights": [line.encode() for line in policy.flights]}


def row(found: dict[str, Any]) -> tuple[Any, ...]:
    """A row of gold as cases have it."""
    day = found["day"]
    return (found["number"], found["carrier"], None if day is None else str(day), found["delay"])


def in_order(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows that may come in any order."""
    return sorted(rows, key=repr)


def counted(outcomes: Mapping[str, int]) -> dict[str, int]:
    """Outcomes that say something, without the balance."""
    balance = ("read", "used", "deduplicated")
    return {name: count for name, count in outcomes.items() if count and name not in balance}
