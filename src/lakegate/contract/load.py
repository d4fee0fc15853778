"""Reads the contract: YAML with thorough checks where people edit it, plain JSON where it runs."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from pathlib import Path
from typing import Any, TypeVar

from lakegate.contract.errors import ContractError
from lakegate.contract.model import Contract

T = TypeVar("T")


def load(path: Path) -> Contract:
    """The contract of a YAML file. Raises ContractError that names file, key and fault."""
    import yaml  # noqa: PLC0415 - neither is in the Lambda, which reads JSON
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContractError(f"{path}: cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise ContractError(f"{path}: a mapping is expected, with the keys {_keys(Contract)}")
    data = _resolved(data, path)
    _refuse_unknown(data, Contract, path, ())
    try:
        adapter: TypeAdapter[Contract] = TypeAdapter(Contract)
        return adapter.validate_python(data)
    except ValidationError as error:
        lines = [
            f"{path}: {'.'.join(str(part) for part in fault['loc']) or 'contract'}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise ContractError("\n".join(lines)) from error


def _resolved(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """The data in the shape of the model, with the texts of the marts."""
    sql = path.parent / data.pop("sql", "sql")
    data.pop("sample_data", None)
    data.pop("keys", None)
    for dataset in data.get("datasets", {}).values():
        key = dataset.get("primary_key", ())
        dataset["primary_key"] = (key,) if isinstance(key, str) else tuple(key)
        dataset["references"] = {
            column: {"dataset": to} if isinstance(to, str) else to
            for column, to in dataset.get("references", {}).items()
        }
        dataset.setdefault("casts", data.get("casts", "strict"))
        dataset.setdefault("max_rejected_ratio", data.get("max_rejected_ratio", 0.01))
        for column in dataset["columns"]:
            if isinstance(column.get("source"), str):
                column["source"] = column["source"].split(".")
    for name, table in data.get("gold_tables", {}).items():
        mart = sql / "marts" / f"{name}.sql"
        table["sql"] = mart.read_text(encoding="utf-8") if mart.is_file() else ""
    return data


def to_json(contract: Contract) -> bytes:
    """Canonical JSON of a contract: same contract, same bytes."""
    return json.dumps(dataclasses.asdict(contract), indent=1, sort_keys=False).encode() + b"\n"


def from_json(data: bytes) -> Contract:
    """The contract of bytes that `to_json` wrote; needs nothing but the standard library."""
    contract: Contract = _build(Contract, json.loads(data))
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


def _refuse_unknown(data: Any, kind: Any, path: Path, where: tuple[str, ...]) -> None:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return
    if dataclasses.is_dataclass(kind) and isinstance(data, dict):
        hints = typing.get_type_hints(kind)
        for name, value in data.items():
            if name not in hints:
                at = ".".join((*where, str(name)))
                raise ContractError(f"{path}: {at}: unknown key; allowed here: {_keys(kind)}")
            _refuse_unknown(value, hints[name], path, (*where, str(name)))
    elif origin is tuple and isinstance(data, list):
        for index, value in enumerate(data):
            _refuse_unknown(value, args[0], path, (*where, str(index)))
    elif origin is dict and isinstance(data, dict):
        for name, value in data.items():
            _refuse_unknown(value, args[1], path, (*where, str(name)))


def _keys(kind: Any) -> str:
    return ", ".join(item.name for item in dataclasses.fields(kind))
