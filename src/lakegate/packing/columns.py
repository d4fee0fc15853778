"""Completes a contract by what its SQL says: the columns of gold tables."""

from __future__ import annotations

from lakegate.contract import Contract
from lakegate.packing.errors import BuildError
from lakegate.transform import sql


def resolved(contract: Contract) -> Contract:
    """The contract with the columns of every gold table. BuildError names each fault's file."""
    try:
        return sql.resolved(contract)
    except sql.SqlError as error:
        raise BuildError(str(error)) from error
