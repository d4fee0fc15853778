"""What the job finds beside its own code in the zip: the contract, and the identity of the code."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from lakegate import contract
from lakegate.contract import Contract
from lakegate.transform.errors import InputError

CONTRACT = "pipeline.json"


def load_contract() -> Contract:
    """The contract at the root of the zip (or folder) that the package `contract` comes from."""
    spec = find_spec("lakegate.contract")
    path = Path(contract.__file__).parents[2] / CONTRACT
    try:
        return contract.from_json(spec.loader.get_data(str(path)))  # type: ignore[union-attr]
    except OSError as error:
        raise InputError(f"{path}: there is no contract beside the code") from error


def code_version() -> str:
    """A hash of all Python and SQL files of the job."""
    digest = hashlib.sha256()
    pending = [files("glue_jobs")]
    while pending:
        for item in sorted(pending.pop(0).iterdir(), key=lambda entry: entry.name):
            if item.is_dir():
                pending.append(item)
            elif item.name.endswith((".py", ".sql")):
                digest.update(item.name.encode() + b"\0" + item.read_bytes())
    return digest.hexdigest()[:12]
