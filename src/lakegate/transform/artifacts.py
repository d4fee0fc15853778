"""What a run finds beside its own code in the zip: contract, plan and the identity of the code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import lakegate
from lakegate import contract
from lakegate.contract import Contract
from lakegate.transform import plan
from lakegate.transform.errors import InputError
from lakegate.transform.plan import Plan

CONTRACT = "pipeline.json"
PLAN = "plan.{engine}.json"


@dataclass(frozen=True)
class Project:
    """What is the same for all runs of a release: the contract and what was rendered from it."""

    contract: Contract
    plan: Plan


def project(engine: str) -> Project:
    """The contract and the engine's plan at the root of the zip (or folder) of this code."""
    return Project(
        contract.from_json(_beside_the_code(CONTRACT)),
        plan.from_json(_beside_the_code(PLAN.format(engine=engine))),
    )


def code_version() -> str:
    """A hash of all Python and SQL files of the library."""
    digest = hashlib.sha256()
    pending = [files("lakegate")]
    while pending:
        for item in sorted(pending.pop(0).iterdir(), key=lambda entry: entry.name):
            if item.is_dir():
                pending.append(item)
            elif item.name.endswith((".py", ".sql", ".j2")):
                digest.update(item.name.encode() + b"\0" + item.read_bytes())
    return digest.hexdigest()[:12]


def _beside_the_code(name: str) -> bytes:
    spec = find_spec("lakegate")
    path = Path(lakegate.__file__).parents[1] / name
    try:
        return spec.loader.get_data(str(path))  # type: ignore[union-attr, no-any-return]
    except OSError as error:
        raise InputError(f"{path}: not beside the code; run make build") from error
