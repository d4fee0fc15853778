"""Records of data files of any shape, as far as a sample goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from lakegate.contract import Dataset
from lakegate.contract.model import Limits
from lakegate.contract.wording import counted
from lakegate.files import naming
from lakegate.files.errors import FileFault, LineFault
from lakegate.files.lines.parse import is_blank, parse
from lakegate.infer import names
from lakegate.infer.errors import InferError
from lakegate.infer.opened import opened

MOST_RECORDS = 100_000  # of a dataset, of which its contract is made
# In a folder these are taken for what people write beside data; by name they are read all the same.
NO_DATA = frozenset(
    {".md", ".rst", ".pdf", ".html", ".sql", ".py", ".ipynb", ".yaml", ".yml", ".toml"}
)
WRONG_SHARE = 0.01
FIRST_LINES = 20  # that show whether a text file is data


@dataclass
class Sample:
    """Records of one dataset in order; `whole` if no more were there.

    `wrapped` are the paths of files in which an object stands around the records.
    """

    dataset: str
    paths: list[Path]
    records: list[dict[str, Any]] = field(default_factory=list)
    malformed: int = 0
    whole: bool = True
    is_csv: bool = False
    wrapped: list[Path] = field(default_factory=list)


def samples(given: list[Path], limits: Limits) -> tuple[list[Sample], tuple[str, ...]]:
    """The datasets of files and folders, by name, and the notes beside them that are no data.

    Raises InferError that tells every fault.
    """
    found: dict[str, Sample] = {}
    faults: list[str] = []
    files = list(_files(given))
    notes = {path: why for path in files if path not in given and (why := _no_data(path, limits))}
    folders = (f"{path.name}: a folder in a folder; name it, too" for path in _folders(given))
    left_out = (*(f"{path.name}: {why}" for path, why in notes.items()), *folders)
    for path in files:
        if path in notes:
            continue
        dataset, _ = names.dataset_and_part(names.told(path))
        if not dataset:
            faults.append(
                f"{path.name}: nothing in this name can be the name of a dataset; rename it"
            )
            continue
        found.setdefault(dataset, Sample(dataset, [])).paths.append(path)
    for sample in found.values():
        faults += _in_order(sample)
        faults += _read(sample, limits)
    if faults:
        raise InferError("\n".join(faults))
    if not found:
        places = ", ".join(map(str, given))
        raise InferError("\n".join((f"no data in {places}: name JSON or CSV files", *left_out)))
    return [found[name] for name in sorted(found)], left_out


def _in_order(sample: Sample) -> Iterator[str]:
    """Puts parts in the order of the numbers in their names; yields which files are no parts."""
    sample.paths.sort(key=lambda path: (names.place(names.told(path)), path.name))
    for one, next_one in pairwise(sample.paths):
        places = names.place(names.told(one)), names.place(names.told(next_one))
        if not all(places) or places[0] == places[1]:
            yield (
                f"{one.name} and {next_one.name} are both of {sample.dataset}: give them other "
                f"names, or name them {sample.dataset}-0001 and {sample.dataset}-0002 if they are "
                "parts"
            )


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if not path.exists():
            raise InferError(f"{path}: there is no such file or folder")
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        yield from (
            one
            for one in inside
            if one.is_file()
            and (one == path or one.suffix.lower() not in NO_DATA)
            and not naming.is_leftover(one.name)
        )


def _folders(given: list[Path]) -> Iterator[Path]:
    inside = (one for path in given if path.is_dir() for one in sorted(path.iterdir()))
    return (
        one
        for one in inside
        if one.is_dir() and one not in given and not naming.is_leftover(one.name)
    )


def _no_data(path: Path, limits: Limits) -> str:
    """What a text file beside data is where it is no data; exports have that suffix as well."""
    if path.suffix.lower() != ".txt":
        return ""
    try:
        lines = opened(path, "notes", Dataset(()), limits, FIRST_LINES).lines
    except FileFault as fault:
        return f"{fault.code.value}: {fault.detail}"
    records, faults = _records(lines, limits)
    return "" if len(records) > len(faults) else "no record of JSON or CSV was found in it"


def _read(sample: Sample, limits: Limits) -> Iterator[str]:
    """Fills the sample; yields what is wrong with its files."""
    for path in sample.paths:
        room = MOST_RECORDS - len(sample.records)
        try:
            file = opened(path, sample.dataset, Dataset(()), limits, room)
        except FileFault as fault:
            yield f"{path.name}: {_told(fault)}"
            continue
        sample.is_csv |= bool(file.casts)
        sample.whole &= file.whole
        sample.wrapped += [path] if file.is_wrapped else []
        records, faults = _records(file.lines, limits)
        if not records or faults:
            records, faults = _lone(path, limits) or (records, faults)
        known, own = (set().union(*some) for some in (sample.records, records))
        if known and own and not known & own:
            yield (
                f"{path.name} and {sample.paths[0].name} are both of {sample.dataset}, and have "
                "no field in common: give them other names"
            )
        sample.records += records
        sample.malformed += len(faults)
        read = len(records) + len(faults)
        if not read and room:
            yield f"{path.name}: no record of JSON or CSV was found in it"
        elif len(faults) > WRONG_SHARE * read:
            yield f"{path.name}: {len(faults)} of {counted(read, 'line')}: {_told(faults[0])}"


def _told(fault: FileFault | LineFault) -> str:
    """The code of a fault, what was found, and what to do."""
    return f"{fault.code.value}: {fault.detail or fault.code.meaning}. {fault.code.fix}"


def _records(lines: list[bytes], limits: Limits) -> tuple[list[dict[str, Any]], list[LineFault]]:
    """The objects on lines, and what is wrong with lines that have none."""
    records, faults = [], []
    for line in lines:
        try:
            if not is_blank(line):
                records.append(parse(line, limits))
        except LineFault as fault:
            faults.append(fault)
    return records, faults


def _lone(path: Path, limits: Limits) -> tuple[list[dict[str, Any]], list[LineFault]] | None:
    """The one record that a file is, which an array in it made look like a wrapper of records."""
    if path.stat().st_size > limits.max_line_bytes:
        return None
    try:
        return [parse(path.read_bytes().strip(), limits)], []
    except LineFault:
        return None
