"""What sections are made of: names, paths, sizes, and no keys but their own."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

from lakegate.contract.model import SCALAR_TYPES

GIB = 2**30


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _path(value: Any) -> Any:
    return value.split(".") if isinstance(value, str) else value


NAME = "^[a-z][a-z0-9_]{0,62}$"
TYPE: dict[str, Any] = {
    "anyOf": [
        {"enum": list(SCALAR_TYPES)},
        {"pattern": "^decimal\\([1-9][0-9]?,[0-9][0-9]?\\)$"},
    ]
}
Flag = Annotated[bool, Strict(False)]  # `yes` and `no` of older YAML count as well
Names = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
Path = Annotated[list[str], BeforeValidator(_path, json_schema_input_type=str | list[str])]
Size = Annotated[int, Field(ge=1, le=5 * GIB)]  # S3 copies at most 5 GiB in one request


class Section(BaseModel):
    """A mapping whose keys are these and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)
