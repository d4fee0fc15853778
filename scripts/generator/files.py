"""The files of a data set: names, shares of the rows, manifest, bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lakegate.contract import Contract
from scripts.generator.dirt.expected import NAME as EXPECTED
from scripts.generator.dirt.expected import Tally
from scripts.generator.dirt.plan import Dirt
from scripts.generator.dirt.soil import Soiler
from scripts.generator.errors import GeneratorError
from scripts.generator.tables.block import BLOCK_ROWS, Lines
from scripts.generator.tables.rows import Source

MOST_PARTS = 9999


@dataclass(frozen=True)
class Share:
    """Rows `first` to below `end` of a dataset, which go to one file."""

    dataset: str
    name: str
    first: int
    end: int


def shares(contract: Contract, rows: int, parts: int) -> list[Share]:
    """Every file of the data set; the parts of a dataset differ by at most one row."""
    most = min(
        rows, MOST_PARTS, (contract.limits.max_files_per_batch - 1) // len(contract.datasets)
    )
    if not 1 <= parts <= most:
        raise GeneratorError(f"PARTS={parts}: from 1 to {most} parts are possible here")
    return [
        Share(
            dataset,
            f"{dataset}.json" if parts == 1 else f"{dataset}-{part + 1:04d}.json",
            rows * part // parts,
            rows * (part + 1) // parts,
        )
        for dataset in contract.datasets
        for part in range(parts)
    ]


def write_share(
    source: Source, dirt: Dirt, share: Share, out: Path, wrote: Callable[[int], None]
) -> Tally:
    """Write one file and count it; `wrote` hears of rows as they are written."""
    dataset = source.contract.datasets[share.dataset]
    slots = dirt.slots(share.dataset, share.first, share.end)
    soiler = Soiler(share.dataset, dataset, source.rows, slots)
    tally = Tally()
    size = 0
    with (out / share.name).open("wb") as file:
        for number in range(share.first // BLOCK_ROWS, -(-share.end // BLOCK_ROWS)):
            block = source.block(share.dataset, number)
            start = number * BLOCK_ROWS
            first, end = max(share.first, start), min(share.end, start + BLOCK_ROWS)
            rows = slice(first - start, end - start)
            tally.add_rows(block, rows)
            data = soiler.lines(Lines(dataset, block, rows), first, end, tally)
            file.write(data)
            size += len(data)
            wrote(end - first)
    tally.files.append({"name": share.name, "lines": tally.read, "bytes": size})
    return tally


def remove_old(contract: Contract, out: Path) -> None:
    """Delete what an earlier run left in the folder, and nothing else."""
    for path in out.glob("*.json"):
        known = path.name in (contract.keys.manifest, EXPECTED)
        if known or contract.key_pattern.fullmatch(path.name):
            path.unlink()


def write_manifest(contract: Contract, files: list[Share], out: Path) -> None:
    """The names of a batch's files, relative to its folder."""
    document = {"version": 1, "files": [share.name for share in files]}
    text = json.dumps(document, indent=1) + "\n"
    (out / contract.keys.manifest).write_text(text, encoding="utf-8")
