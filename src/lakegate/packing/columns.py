"""Completes a contract by what its SQL says: the columns of gold tables."""

from __future__ import annotations

import dataclasses

from lakegate.contract import Column, Contract, GoldTable
from lakegate.packing.errors import BuildError
from lakegate.transform.sql import SqlError, columns_of

Kinds = dict[str, str]


def resolved(contract: Contract) -> Contract:
    """The contract with the columns of every gold table, found in its SQL where not declared.

    BuildError names each table whose SQL cannot be typed or gives other columns than declared.
    """
    relations: dict[str, Kinds] = {
        f"stg_{name}": {column.name: column.type for column in dataset.columns}
        for name, dataset in contract.datasets.items()
    }
    tables, faults = dict(contract.gold_tables), []
    for name in (*contract.staging, *contract.mart_order):
        sql = contract.staging.get(name) or contract.gold_tables[name].sql
        if name in tables and tables[name].columns:
            relations[name] = {column.name: column.type for column in tables[name].columns}
            continue
        try:
            relations[name] = dict(columns_of(sql, relations))
            if name in tables:
                tables[name] = _completed(tables[name], relations[name])
        except (SqlError, BuildError) as error:
            faults.append(f"{name}.sql: {error}")
            relations[name] = {}
    if faults:
        raise BuildError("\n".join(faults))
    return dataclasses.replace(contract, gold_tables=tables)


def _completed(table: GoldTable, found: Kinds) -> GoldTable:
    declared = {column.name: column.type for column in table.columns}
    if not declared:
        columns = tuple(
            Column(name, kind, required=name in table.grain) for name, kind in found.items()
        )
        table = dataclasses.replace(table, columns=columns)
    elif list(declared.items()) != list(found.items()):
        raise BuildError(f"declared are {_listed(declared)}; the SQL gives {_listed(found)}")
    if unknown := [name for name in table.grain if name not in found]:
        raise BuildError(f"the grain names {', '.join(unknown)}; the SQL gives {_listed(found)}")
    return table


def _listed(columns: Kinds) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())
