"""The relations of a run in DuckDB, from the plan that is rendered for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
import pyarrow as pa

from lakegate.contract import Contract
from lakegate.files.lines.judge import Judge, is_blank
from lakegate.transform.engines import arrow
from lakegate.transform.render import render
from lakegate.transform.sql import MACROS


def relations(
    contract: Contract, lines: Mapping[str, Iterable[bytes]]
) -> duckdb.DuckDBPyConnection:
    """A connection with every relation of a run as a table, over the lines of each dataset."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    for macro in MACROS:
        connection.execute(macro)
    for name in contract.read:
        dataset = contract.datasets[name]
        found = [line for line in lines.get(name, ()) if not is_blank(line)]
        judge = Judge(dataset, contract.limits)
        judged = arrow.judged(
            pa.array(range(len(found)), pa.int64()), pa.array(found, pa.binary()), dataset, judge
        )
        connection.register("arrived", pa.Table.from_batches([judged]))
        connection.execute(f"create table lines_{name} as select * from arrived")
    plan = render(contract, "duckdb")
    for view in plan.staging + plan.gold:
        connection.execute(f"create table {view.name} as {view.sql}")
    return connection
