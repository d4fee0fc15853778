"""A block of rows of one dataset, and how it becomes bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lakegate.contract import Dataset
from scripts.generator.draws import I64, U8
from scripts.generator.tables.cells import Cell

BLOCK_ROWS = 8192  # small enough for the processor's cache

Gold = dict[str, int]  # sums over all users of gold columns; revenue in hundredths


@dataclass(frozen=True)
class Block:
    """Cells by column, and what each row adds to the gold columns (no entry: nothing)."""

    cells: Mapping[str, Cell]
    gold: Mapping[str, I64]


class Lines:
    """The rows of a block as JSON Lines."""

    def __init__(self, dataset: Dataset, block: Block, rows: slice) -> None:
        parts: list[U8] = []
        for number, column in enumerate(dataset.columns):
            cell = block.cells[column.name]
            text = cell.text[rows]
            key = np.frombuffer(f'{"," if number else "{"}"{column.name}":'.encode(), np.uint8)
            keys = np.broadcast_to(key, (len(text), len(key)))
            if cell.present is not None:
                keys = keys * cell.present[rows, None].astype(np.uint8)
            parts += [keys, text]
        parts.append(np.broadcast_to(np.frombuffer(b"}\n", np.uint8), (len(parts[0]), 2)))
        self._matrix = np.concatenate(parts, axis=1)

    def pack(self) -> bytes:
        """All lines."""
        packed: U8 = self._matrix[self._matrix != 0]
        return packed.tobytes()

    def starts(self) -> I64:
        """Where each line begins in the packed bytes; the last entry is their length."""
        lengths = np.count_nonzero(self._matrix, axis=1)
        return np.concatenate([[0], np.cumsum(lengths)])
