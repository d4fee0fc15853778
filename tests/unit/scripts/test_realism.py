"""The data could come from a shop: people sign up, come back, look, and sometimes buy."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

Row = dict[str, Any]
FUNNEL = ["product_view", "add_to_cart", "checkout", "purchase"]


def rows(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.json").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def users(clean: Path) -> list[Row]:
    return rows(clean, "users")


@pytest.fixture(scope="module")
def events(clean: Path) -> list[Row]:
    return rows(clean, "events")


@pytest.fixture(scope="module")
def orders(clean: Path) -> list[Row]:
    return rows(clean, "orders")


@pytest.fixture(scope="module")
def sessions(events: list[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in events:
        if row["session_id"]:
            found[row["session_id"]].append(row)
    return list(found.values())


@pytest.fixture(scope="module")
def signed_up(users: list[Row]) -> dict[int, str]:
    return {row["user_id"]: row["signed_up_at"] for row in users}


def test_keys_are_unique(users: list[Row], events: list[Row], orders: list[Row]) -> None:
    for name, found in (("user_id", users), ("event_id", events), ("order_id", orders)):
        assert len({row[name] for row in found}) == 20_000


def test_a_session_is_one_visit_of_one_user_in_order(sessions: list[list[Row]]) -> None:
    for session in sessions:
        assert len({(row["user_id"], row["device"]) for row in session if row["device"]}) <= 1
        times = [row["occurred_at"] for row in session]
        assert all(earlier < later for earlier, later in pairwise(times))
        start, end = (datetime.fromisoformat(time) for time in (times[0], times[-1]))
        assert (end - start).total_seconds() < 3600


def test_a_purchase_follows_checkout_and_cart_of_the_same_product(
    sessions: list[list[Row]],
) -> None:
    bought = [session for session in sessions if session[-1]["event_type"] == "purchase"]
    assert len(bought) > 100
    for session in bought:
        assert [row["event_type"] for row in session[-4:]] == FUNNEL
        assert session[-4]["product_id"] == session[-3]["product_id"] == session[-1]["product_id"]
    for session in sessions:
        types = [row["event_type"] for row in session]
        for earlier, later in pairwise(FUNNEL):
            if later in types:
                assert earlier in types[: types.index(later)]


def test_nobody_acts_before_signing_up(
    events: list[Row], orders: list[Row], signed_up: dict[int, str]
) -> None:
    assert all(row["occurred_at"] > signed_up[row["user_id"]] for row in events)
    assert all(row["ordered_at"] > signed_up[row["user_id"]] for row in orders)


def test_every_purchase_has_its_order(events: list[Row], orders: list[Row]) -> None:
    placed = {(row["user_id"], row["ordered_at"][:16]) for row in orders}
    for row in events:
        if row["event_type"] == "purchase":
            minute, next_second = row["occurred_at"][:16], row["occurred_at"][17:19] == "59"
            assert next_second or (row["user_id"], minute) in placed


def test_activity_is_uneven_and_some_users_have_none(events: list[Row], orders: list[Row]) -> None:
    for found in (events, orders):
        by_user = Counter(row["user_id"] for row in found)
        busiest = sum(count for _, count in by_user.most_common(200))
        assert 0.15 < busiest / 20_000 < 0.6  # one in a hundred users; evenly it were 0.04
        assert 0.05 < len(by_user) / 20_000 < 0.6


def test_seasons_and_days_differ(orders: list[Row]) -> None:
    hours = Counter(row["ordered_at"][11:13] for row in orders)
    assert hours["20"] > 5 * hours["03"]
    months = Counter(row["ordered_at"][:7] for row in orders)
    assert months["2025-12"] > 1.2 * months["2026-01"]


def test_small_shares_of_optional_values_are_null(
    users: list[Row], events: list[Row], orders: list[Row]
) -> None:
    for found, names in (
        (users, ("full_name", "email", "country", "city", "marketing_opt_in")),
        (events, ("session_id", "device")),
        (orders, ("amount", "item_count", "payment_method")),
    ):
        for name in names:
            assert 0.001 < sum(row[name] is None for row in found) / 20_000 < 0.05, name
    assert 0.3 < sum("product_id" not in row for row in events) / 20_000 < 0.8


def test_money_has_two_places_and_new_orders_are_open(clean: Path, orders: list[Row]) -> None:
    raw = (clean / "orders.json").read_bytes().splitlines()
    amounts = [line.split(b'"amount":')[1].split(b",")[0] for line in raw]
    assert all(amount == b"null" or amount[-3:-2] == b"." for amount in amounts)
    old = [row for row in orders if row["ordered_at"] < "2026-11-01"]
    assert not any(row["status"] == "pending" for row in old)
    assert any(row["status"] == "pending" for row in orders)
