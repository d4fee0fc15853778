"""Reads the contract: YAML and SQL where people edit it, plain JSON where it runs."""

from __future__ import annotations

import dataclasses
import json
import typing
from pathlib import Path
from typing import Any

from lakegate.contract.model import Contract
from lakegate.contract.project import Project


def load(path: Path) -> Contract:
    """The contract of a project's folder or file, or a resolved one. ContractError says all faults.

    A resolved contract is the `pipeline.json` of a build.
    """
    if path.suffix == ".json":
        return from_json(path.read_bytes())
    return Project.open(path).contract


def to_json(contract: Contract) -> bytes:
    """Canonical JSON of a contract: same contract, same bytes."""
    document = {
        **dataclasses.asdict(contract),
        "gold_table_names": list(contract.gold_tables),  # for readers whose mappings have no order
    }
    return json.dumps(document, indent=1).encode() + b"\n"


def from_json(data: bytes) -> Contract:
    """The contract of bytes that `to_json` wrote; needs nothing but the standard library."""
    document = json.loads(data)
    document.pop("gold_table_names", None)
    contract: Contract = _build(Contract, document)
    return contract


def _build(kind: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        assert isinstance(kind, type)
        return kind(**{name: _build(hints[name], item) for name, item in value.items()})
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return tuple(_build(args[0], item) for item in value)
    if origin is dict:
        return {name: _build(args[1], item) for name, item in value.items()}
    return value
