"""The relations of the job in DuckDB, from the same `.sql` files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from lakegate.contract import Contract
from lakegate.transform.engines.spark import queries
from scripts.previewing.lines import typed

# Spark divides decimals exactly and then rounds half up; DuckDB would go through double.
DIVIDED = """
create macro divided(money, parts) as
    (sign(money) * (((abs(money) * 200)::hugeint + parts) // (2 * parts)))::decimal(20, 0)
    * 0.01::decimal(3, 2)
"""


def relations(
    contract: Contract, lines: Mapping[str, Iterable[bytes]]
) -> duckdb.DuckDBPyConnection:
    """A connection with every relation of the job as a table, over the lines of each dataset."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(DIVIDED)
    for name in contract.read:
        dataset = contract.datasets[name]
        connection.register("arrived", typed(lines.get(name, ()), dataset))
        connection.execute(f"create table lines_{name} as select * from arrived")
        connection.execute(f"create view split_{name} as select '' as line from lines_{name}")
    for name in queries.order():
        query = in_duckdb(queries.text(name), queries.markers(contract, name))
        connection.execute(f"create table {name} as {query}")
    return connection


def in_duckdb(text: str, markers: Mapping[str, Any]) -> str:
    """Spark SQL as DuckDB understands it, with the values of the markers in their places."""
    tree = sqlglot.parse_one(text, read="spark")
    return tree.transform(lambda node: rewritten(node, markers)).sql(dialect="duckdb")


def rewritten(node: exp.Expr, markers: Mapping[str, Any]) -> exp.Expr:
    """What sqlglot leaves to do: markers, the hash function and the division of money."""
    match node:
        case exp.Placeholder():
            return exp.convert(markers[node.name])
        case exp.Anonymous() if node.name.lower() == "xxhash64":
            return exp.Anonymous(this="hash", expressions=node.expressions)
        case exp.Cast(this=exp.Div() as division) if node.to.is_type("decimal"):
            sides = [division.args["this"], division.args["expression"]]
            return exp.cast(exp.Anonymous(this="divided", expressions=sides), node.to)
    return node
