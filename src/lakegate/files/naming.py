"""Reads bronze keys by the contract's grammar, and finds the closest valid name for others."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from lakegate.contract import Contract
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected
from lakegate.ledger.keys import FileName

CLOSE_ENOUGH = 0.6
# What consoles, Spark and Hadoop leave beside the files that they write.
LEFTOVER_ENDS = ("/", "_$folder$", ".crc", ".tmp")
SUFFIXES = {"jsonl": ".jsonl", "ndjson": ".ndjson", "csv": ".csv", "tsv": ".csv"}


@dataclass(frozen=True)
class ManifestName:
    """The key of a batch's manifest."""

    batch: str


@dataclass(frozen=True)
class Leftover:
    """The key of something that a tool left beside files: nobody's upload."""


Name = FileName | ManifestName | Leftover


def parse(key: str, contract: Contract) -> Name | Rejected:
    """What a decoded bronze key names. Never raises.

    The default batch has one spelling only: sequencers order the versions of one key, so two keys
    must not name the same file.
    """
    if is_leftover(key, contract.keys.manifest):
        return Leftover()
    folder, _, name = key.rpartition("/")
    default = contract.keys.default_batch
    if folder == default:
        detail = f"batch {default} has no folder; closest valid name: {closest(key, contract)}"
        return Rejected(Code.BAD_NAME, detail)
    if match := contract.key_pattern.fullmatch(key):
        batch = match["batch"] or default
        return FileName(batch, match["dataset"], match["part"], match["suffix"])
    if name == contract.keys.manifest:
        if key == name:
            return ManifestName(default)
        if re.fullmatch(contract.keys.batch_pattern, folder):
            return ManifestName(folder)
    return Rejected(Code.BAD_NAME, f"closest valid name: {closest(key, contract)}")


def manifest(batch: str, contract: Contract) -> str:
    """The key of a batch's manifest in bronze."""
    folder = "" if batch == contract.keys.default_batch else f"{batch}/"
    return f"{folder}{contract.keys.manifest}"


def is_leftover(key: str, but: str = "") -> bool:
    """Whether a tool has left it beside files."""
    parts = (part for part in key.split("/") if part != but)
    return key.endswith(LEFTOVER_ENDS) or any(part.startswith(("_", ".")) for part in parts)


def closest(key: str, contract: Contract) -> str:
    """A valid key that a producer most likely meant."""
    # Some tools write names as they stand in addresses.
    readable = unquote(key[:1024])
    plain = unicodedata.normalize("NFKD", readable).encode("ascii", "ignore").decode().lower()
    *folders, name = [part for part in plain.split("/") if part not in {"", ".", ".."}] or [""]
    # `(1)` is what a browser or a desktop adds to a second download.
    first, *ends = re.sub(r" ?\([0-9]+\)", "", PurePosixPath(name).name).split(".")
    stem = re.sub(r"[^a-z0-9]+", "-", first).strip("-")
    word, _, digits = re.fullmatch(r"(.*?)(-?)([0-9]*)", stem).groups()  # type: ignore[union-attr]
    batch = re.sub(r"[^a-z0-9]+", "-", "-".join(folders)).strip("-")[:64].strip("-")
    prefix = f"{batch}/" if batch not in {"", contract.keys.default_batch} else ""
    if word == contract.keys.manifest.removesuffix(".json").strip("_"):
        return f"{prefix}{contract.keys.manifest}"
    found = difflib.get_close_matches(word[:64], contract.datasets, n=1, cutoff=CLOSE_ENOUGH)
    names = found or [f"<one of {', '.join(contract.datasets)}>"]
    part = f"-{int(digits):04d}" if digits and int(digits[:9]) <= 9999 and len(digits) < 9 else ""
    return f"{prefix}{names[0]}{part}{_suffix(ends)}"


def _suffix(ends: list[str]) -> str:
    ends = [end.strip() for end in ends]
    suffix = next((SUFFIXES[end] for end in ends if end in SUFFIXES), ".json")
    return f"{suffix}.gz" if ends and ends[-1] in {"gz", "gzip"} else suffix


def batch_of(key: str, contract: Contract) -> str:
    """The batch of a key in bronze that has a good name."""
    folder, _, _ = key.rpartition("/")
    return folder or contract.keys.default_batch
