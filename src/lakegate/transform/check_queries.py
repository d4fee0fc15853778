"""The SQL of the contract's checks of a gold table, written when the project is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lakegate.contract import Column, GoldTable
from lakegate.transform.dialects import SPARK, Dialect, Views
from lakegate.transform.plan import FAILED, TOTAL, Checks


def checks(name: str, table: GoldTable, dialect: Dialect, known: Views) -> Checks:
    """The queries about a table: Spark SQL, as people write conditions, and then translated."""
    wanted = _queries(SPARK.quoted(name), table)
    aggregates = ",\n    ".join(["count(*) as `rows`", *_aggregates(table, wanted)])
    told = dialect.translated(f"select\n    {aggregates}\nfrom {SPARK.quoted(name)}", known)
    # What hashes a row has no common form, so that it is put in when all else is translated.
    row_hash = _row_hash(table.columns, dialect)
    items, _, source = told.rpartition("\nfrom ")
    return Checks(
        summary=(f"{items},\n    {row_hash} as row_hash\nfrom {source}",),
        offenders={check: dialect.translated(query, known) for check, query in wanted.items()},
    )


def conditions(table: GoldTable) -> dict[str, str]:
    """Check name to what no row may contradict: what columns imply, then what is declared."""
    required = [f"{_name(column)} is not null" for column in table.columns if column.required]
    accepted = [
        f"{_name(column)} in ({', '.join(map(_value, column.allowed))})"
        for column in table.columns
        if column.allowed
    ]
    derived = {"not_null": " and ".join(required), "accepted_values": " and ".join(accepted)}
    return {check: text for check, text in derived.items() if text} | table.row_checks


def _queries(relation: str, table: GoldTable) -> dict[str, str]:
    """Check name to a query that must find nothing."""
    key = ", ".join(map(SPARK.quoted, table.grain))
    unique = f"select {key}, count(*) as _rows from {relation} group by {key} having count(*) > 1"
    rows = {
        check: f"select * from {relation} where not ({text})"
        for check, text in conditions(table).items()
    }
    wholes = {
        check: f"select * from (select {whole.found} as found, ({whole.expected}) as expected "
        f"from {relation}) as compared where {_differs('found', 'expected')}"
        for check, whole in table.checks.items()
    }
    return ({"unique_key": unique} if key else {}) | rows | wholes


def _aggregates(table: GoldTable, wanted: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{aggregate} as `{TOTAL}{total}`" for total, aggregate in table.totals.items())
    failed = {
        check: f"(select count(*) > 0 from ({query}) as offenders)"
        for check, query in wanted.items()
    }
    for check, text in conditions(table).items():
        failed[check] = f"count_if(not ({text})) > 0"
    for check, whole in table.checks.items():
        failed[check] = _differs(whole.found, f"({whole.expected})")
    yield from (f"{has_failed} as `{FAILED}{check}`" for check, has_failed in failed.items())


def _differs(found: str, expected: str) -> str:
    return f"coalesce({found}, 0) <> coalesce({expected}, 0)"


def _row_hash(columns: Sequence[Column], dialect: Dialect) -> str:
    """Of all rows in whatever order; rows differ by their key, so that none cancels another."""
    names = [dialect.quoted(column.name) for column in columns]
    optional = [dialect.quoted(column.name) for column in columns if not column.required]
    nulls = [f"{name} is null" for name in optional]  # a hash skips nulls itself
    return dialect.row_hash.format(", ".join(names + nulls)) if names else "null"


def _name(column: Column) -> str:
    return SPARK.quoted(column.name)


def _value(value: str | int) -> str:
    return SPARK.text(value) if isinstance(value, str) else str(value)
