"""Required fields: types and values as the contract words them."""

from __future__ import annotations

from typing import Any

import pytest

from lakegate.contract import Contract
from lakegate.contract.model import Column, Dataset
from lakegate.files.lines.parse import parse
from lakegate.files.lines.rows import RowCheck
from tests.unit.lambda_validator.rows_of import line


def fault(contract: Contract, dataset: str, **changes: Any) -> str | None:
    row = parse(line(dataset, **changes).strip(), contract.limits)
    return RowCheck(contract.datasets[dataset]).fault(row)


@pytest.mark.parametrize(
    ("dataset", "changes", "reason"),
    [
        ("users", {}, None),
        ("users", {"user_id": ...}, "missing_user_id"),
        ("users", {"user_id": None}, "missing_user_id"),
        ("users", {"user_id": "7"}, "bad_user_id"),
        ("users", {"user_id": 7.0}, "bad_user_id"),
        ("users", {"user_id": True}, "bad_user_id"),
        ("users", {"user_id": [7]}, "bad_user_id"),
        ("users", {"user_id": -(2**63)}, None),
        ("users", {"signed_up_at": 1767225600}, "bad_signed_up_at"),
        ("users", {"signed_up_at": ""}, "bad_signed_up_at"),
        ("users", {"full_name": 5, "marketing_opt_in": "yes", "country": {}}, None),
        ("users", {"full_name": ..., "unheard_of": [{"a": 1}]}, None),
        ("events", {"event_id": ""}, None),
        ("events", {"event_id": 5}, "bad_event_id"),
        ("events", {"event_type": "Search"}, "bad_event_type"),
        ("events", {"event_type": ["search"]}, "bad_event_type"),
        ("events", {"event_type": ...}, "missing_event_type"),
        ("orders", {"status": "lost"}, "bad_status"),
        ("orders", {"amount": "a lot", "item_count": 2**40, "payment_method": "cash"}, None),
    ],
)
def test_required_fields_decide_and_optional_ones_do_not(
    dataset: str, changes: dict[str, Any], reason: str | None, contract: Contract
) -> None:
    assert fault(contract, dataset, **changes) == reason


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-01-31T23:59:59Z", True),
        ("2026-01-31T23:59:59", True),
        ("2026-01-31T23:59", True),
        ("2026-01-31T23:59:59.123456789+05:30", True),
        ("2026-01-31T23:59:59-0800", True),
        ("2026-01-31T23:59:59+14", True),
        ("2024-02-29T00:00:00Z", True),
        ("2100-02-29T00:00:00Z", False),
        ("2026-02-29T00:00:00Z", False),
        ("2026-04-31T00:00:00Z", False),
        ("0000-01-01T00:00:00Z", False),
        ("0001-01-01T00:00:00Z", True),
        ("0001-01-01T00:59+01", False),
        ("0001-01-01T01:00:00+01:00", True),
        ("9999-12-31T23:59:59.999999999Z", True),
        ("9999-12-31T23:00:00-0100", False),
        ("9999-12-31T22:59:59.9-01:00", True),
        ("2026-13-01T00:00:00Z", False),
        ("2026-01-01T24:00:00Z", False),
        ("2026-01-01 00:00:00Z", False),
        ("2026-01-01", False),
        ("2026-01-01T00:00:00z", False),
        ("2026-01-01T00:00:00.Z", False),
        ("2026-01-01T00:00:00Z ", False),
        ("2026-01-01T00:00:00Z\n", False),
        ("٢٠٢٦-01-01T00:00:00Z", False),
    ],
)
def test_timestamps(text: str, good: bool, contract: Contract) -> None:
    assert (fault(contract, "users", signed_up_at=text) is None) is good


PRICES = RowCheck(
    Dataset(
        description="Prices.",
        primary_key=("price",),
        latest_by="at",
        columns=(
            Column("price", "decimal(12,2)", "Price", required=True),
            Column("at", "timestamp", "When", required=True),
            Column("count", "int", "How many", required=True),
            Column("on", "boolean", "Whether", required=True),
            Column("rate", "double", "Rate", required=True),
        ),
    )
)


@pytest.mark.parametrize(
    ("token", "good"),
    [
        ("0", True),
        ("-0.00", True),
        ("12.5", True),
        ("12.500", True),
        ("12.345", False),
        ("9999999999.99", True),
        ("10000000000", False),
        ("1e9", True),
        ("1e10", False),
        ("1250e-2", True),
        ("1e-3", False),
        ("0e-30", True),
        ('"12.5"', True),
        ('"+12.5"', True),
        ('"-1e2"', True),
        ('" 12.5"', False),
        ('""', False),
        ('"12."', False),
        ('".5"', False),
        ('"1e999999999999999999999"', False),
        ('"NaN"', False),
        ('"1_000"', False),
        ('"١٢"', False),
        ("true", False),
        ("[1]", False),
    ],
)
def test_decimals_fit_exactly_or_not_at_all(token: str, good: bool, contract: Contract) -> None:
    text = f'{{"price":{token},"at":"2026-01-01T00:00:00Z","count":1,"on":true,"rate":0.5}}'
    found = PRICES.fault(parse(text.encode(), contract.limits))
    assert found == (None if good else "bad_price")


@pytest.mark.parametrize(
    ("field", "token", "good"),
    [
        ("count", "2147483647", True),
        ("count", "2147483648", False),
        ("count", "-2147483648", True),
        ("on", "false", True),
        ("on", "0", False),
        ("on", '"true"', False),
        ("rate", "1", True),
        ("rate", "1e300", True),
        ("rate", '"1"', False),
    ],
)
def test_other_types(field: str, token: str, good: bool, contract: Contract) -> None:
    tokens = {"price": "1", "at": '"2026-01-01T00:00:00Z"', "count": "1", "on": "true", "rate": "1"}
    text = ",".join(f'"{name}":{value}' for name, value in {**tokens, field: token}.items())
    found = PRICES.fault(parse(f"{{{text}}}".encode(), contract.limits))
    assert found == (None if good else f"bad_{field}")
