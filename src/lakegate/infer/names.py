"""Names for datasets and columns from what files and keys are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

SUFFIX = re.compile(r"(?:\.(?:json|jsonl|ndjson|geojson|csv|tsv|txt))?(?:\.gz)?\Z", re.IGNORECASE)
PART = re.compile(r"(?P<name>.+?)-(?P<part>[0-9]{4})\Z")
# What tells the files of one dataset apart: dates, numbers, and words as people add them.
OF_ONE_FILE = re.compile(
    r"(?:[ _.-]*\((?:[0-9]+|copy|final)\)|[ _.-]+(?:page|part|chunk)?[ _.-]*[0-9]+|[0-9]{4,}+"
    r"|[ _.-]+(?:q[1-4]|v[0-9]+|final|copy))+\Z",
    re.IGNORECASE,
)
OF_ONE_VERSION = re.compile(r"\([0-9]+\)|[ _.-]v[0-9]+|copy|final", re.IGNORECASE)
# What Spark and Hadoop call the files that they write into a folder, which has the name.
OF_FOLDER = re.compile(r"part-(?:[mr]-)?([0-9]{5})(?![0-9])[^.]*")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
LONGEST = 63


def identifier(text: str) -> str:
    """The text as `lower_case` name; empty if nothing of it can stand in one."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    ascii_only = plain.encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "_", HUMP.sub("_", ascii_only)).strip("_").lower()
    if words and words[0].isdigit():
        words = f"n{words}"
    return words[:LONGEST].rstrip("_")


def told(path: Path) -> str:
    """The name that tells what a file is of: its own, or that of a folder with its number.

    The folder of a partition, `key=value`, has no name of its own.
    """
    match = OF_FOLDER.match(path.name)
    if match is None:
        return path.name
    folder = next(one.name for one in path.resolve().parents if "=" not in one.name)
    return f"{folder}_{match[1]}{path.name[match.end() :]}"


def dataset_and_part(name: str) -> tuple[str, str | None]:
    """What a file is of, by its name: `Orders 2024.csv` is of orders, `a-0002.json` part 2 of a."""
    stem = SUFFIX.sub("", name)
    match = PART.fullmatch(stem)
    part = match["part"] if match else None
    stem = match["name"] if match else stem
    return identifier(OF_ONE_FILE.sub("", stem) or stem), part


def place(name: str) -> tuple[int, ...]:
    """The numbers at the end of a file's name, which its place among parts comes from.

    Numbers of versions and copies tell none.
    """
    found = OF_ONE_FILE.search(SUFFIX.sub("", name))
    if found is None or OF_ONE_VERSION.search(found[0]):
        return ()
    return tuple(map(int, re.findall("[0-9]+", found[0])))


def singular(dataset: str) -> str:
    """One of what a dataset has, as columns name it."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x"), ("s", "")):
        if dataset.endswith(ending) and not dataset.endswith(("ss", "us", "is")):
            return dataset[: -len(ending)] + instead
    return dataset


def column(path: tuple[str, ...], taken: Collection[str]) -> str:
    """A name for what stands at a path, not one of those that are taken."""
    wanted = identifier("_".join(path)) or "column"
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted[: LONGEST - 4]}_{number}"
    return name
