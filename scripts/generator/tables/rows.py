"""The rows of any dataset of the contract, block by block, in constant memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lakegate.contract import Contract
from scripts.generator.draws import Draws
from scripts.generator.tables.block import BLOCK_ROWS, Block
from scripts.generator.tables.events import events
from scripts.generator.tables.generic import column_cell
from scripts.generator.tables.orders import orders
from scripts.generator.tables.people import People
from scripts.generator.tables.users import users
from scripts.generator.tables.vocabulary import vocabulary


@dataclass(frozen=True)
class Source:
    """`rows` rows of each dataset; every block can be made alone and is always the same."""

    contract: Contract
    seed: int
    rows: int

    @cached_property
    def people(self) -> People:
        """The users that all datasets refer to."""
        return People(Draws(self.seed), self.rows)

    def block(self, name: str, number: int) -> Block:
        """Rows from `number * BLOCK_ROWS`, at most BLOCK_ROWS of them, with the contract's columns.

        Columns without a special shape, or whose type is no longer the one it was made for, are
        made from their type.
        """
        dataset = self.contract.datasets[name]
        first = number * BLOCK_ROWS
        count = min(BLOCK_ROWS, self.rows - first)
        index = np.arange(first, first + count)
        special = self._special(name, number, count)
        cells = {
            column.name: special.cells[column.name]
            if column.name in special.cells
            else column_cell(self.people, name, dataset, column, index)
            for column in dataset.columns
        }
        return Block(cells, special.gold)

    def _special(self, name: str, number: int, count: int) -> Block:
        first = number * BLOCK_ROWS
        dataset = self.contract.datasets[name]
        if name == "users":
            index = np.arange(first, first + count)
            return users(self.people, vocabulary(self.seed), index)
        if name == "events":
            return events(self.people, dataset, number, count)
        if name == "orders":
            return orders(self.people, dataset, number, count)
        return Block({}, {})
