"""Values of the data functions as JSON."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lakegate.aws import codec
from lakegate.cli.terminal.safe import in_json


def plain(value: Any) -> Any:
    """Dataclasses, moments, days and decimals as what JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return codec.stamp(value)
    if isinstance(value, Decimal | Path | date):
        return str(value)
    return value


def text(value: Any, indent: int | None = 2) -> str:
    """JSON text of a value."""
    return in_json(json.dumps(plain(value), indent=indent, ensure_ascii=False))
