"""The arguments of a run, as Glue passes them: `--NAME value` pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from lakegate.transform.errors import ArgumentError


@dataclass(frozen=True)
class Arguments:
    """Fields are the lower-case argument names; the first five have defaults in Terraform."""

    control_bucket: str
    silver_bucket: str
    gold_bucket: str
    quarantine_bucket: str
    glue_database: str
    batch_id: str
    revision: str
    attempt: int
    job_name: str
    job_run_id: str


def parse(argv: Sequence[str]) -> Arguments:
    """The arguments of an argument vector without the script's name; Glue's own are ignored.

    Names must be full: an abbreviation is not understood as the name that it begins.
    """
    given = {}
    names = [item for item in argv if item.startswith("--")]
    for name in names:
        key, equals, value = name[2:].partition("=")
        position = argv.index(name) + 1
        if not equals and position < len(argv) and not argv[position].startswith("--"):
            value = argv[position]
        given[key] = value
    wanted = {field.name: field.name.upper() for field in fields(Arguments)}
    missing = [f"--{name}" for name in wanted.values() if not given.get(name)]
    if missing:
        raise ArgumentError(f"missing arguments: {', '.join(missing)}")
    values = {field: given[name] for field, name in wanted.items()}
    attempt = values.pop("attempt")
    if not attempt.isascii() or not attempt.isdigit():
        raise ArgumentError(f"--ATTEMPT must be a whole number, not {attempt!r}")
    return Arguments(**values, attempt=int(attempt))
