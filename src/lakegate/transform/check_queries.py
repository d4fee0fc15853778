"""The SQL of the contract's checks of a gold table, written when the project is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lakegate.contract import Check, Column, GoldTable
from lakegate.transform.dialects import SPARK, Dialect, Views
from lakegate.transform.plan import FAILED, TOTAL, Checks
from lakegate.transform.sql.dialect import parse
from lakegate.transform.sql.queries import columns_of
from lakegate.transform.sql.types import TIMESTAMP, Type
from lakegate.transform.sql.types import parse as parse_type


def checks(name: str, table: GoldTable, dialect: Dialect, known: Views) -> Checks:
    """The queries about a table: Spark SQL, as people write conditions, and then translated."""
    relation = SPARK.quoted(name)
    differ = {check: _differing(whole, relation, known) for check, whole in table.checks.items()}
    wanted = _queries(relation, table, differ)
    totals = (
        f"{_total(aggregate, relation, known)} as `{TOTAL}{total}`"
        for total, aggregate in table.totals.items()
    )
    items = ["count(*) as `rows`", *totals, *_failed(table, wanted, differ)]
    aggregates = ",\n    ".join(items)
    told = dialect.translated(f"select\n    {aggregates}\nfrom {relation}", known)
    # What hashes a row has no common form, so that it is put in when all else is translated.
    row_hash = _row_hash(table.columns, dialect)
    summed, _, source = told.rpartition("\nfrom ")
    return Checks(
        summary=(f"{summed},\n    {row_hash} as row_hash\nfrom {source}",),
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


def _queries(relation: str, table: GoldTable, differ: Mapping[str, str]) -> dict[str, str]:
    """Check name to a query that must find nothing."""
    key = ", ".join(map(SPARK.quoted, table.grain))
    unique = f"select {key}, count(*) as _rows from {relation} group by {key} having count(*) > 1"
    rows = {
        check: f"select * from {relation} where not ({text})"
        for check, text in conditions(table).items()
    }
    wholes = {
        check: f"select * from (select {whole.found} as found, ({whole.expected}) as expected "
        f"from {relation}) as compared where {differ[check].format('found', 'expected')}"
        for check, whole in table.checks.items()
    }
    return ({"unique_key": unique} if key else {}) | rows | wholes


def _failed(
    table: GoldTable, wanted: Mapping[str, str], differ: Mapping[str, str]
) -> Iterator[str]:
    failed = {
        check: f"(select count(*) > 0 from ({query}) as offenders)"
        for check, query in wanted.items()
    }
    for check, text in conditions(table).items():
        failed[check] = f"count_if(not ({text})) > 0"
    for check, whole in table.checks.items():
        failed[check] = differ[check].format(whole.found, f"({whole.expected})")
    yield from (f"{has_failed} as `{FAILED}{check}`" for check, has_failed in failed.items())


def _differing(check: Check, relation: str, known: Views) -> str:
    """When what is found differs from what is expected: of numbers, null is 0."""
    is_number = _kind(check.found, relation, known).is_numeric
    return "coalesce({}, 0) <> coalesce({}, 0)" if is_number else "not ({} <=> {})"


def _total(aggregate: str, relation: str, known: Views) -> str:
    """An instant as text, which the engines would hand out differently."""
    is_instant = _kind(aggregate, relation, known) == TIMESTAMP
    return f"cast({aggregate} as string)" if is_instant else aggregate


def _kind(aggregate: str, relation: str, known: Views) -> Type:
    query = f"select {aggregate} as found, count(*) as row_count from {relation}"
    return parse_type(columns_of(parse(query), known)["found"])


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
