"""Events: the steps of visits, in order within each visit."""

from __future__ import annotations

import numpy as np

from lakegate.contract import Dataset
from scripts.generator.draws import I64, Draws
from scripts.generator.errors import GeneratorError
from scripts.generator.tables.block import BLOCK_ROWS, Block
from scripts.generator.tables.cells import (
    Cell,
    beside,
    digits,
    hexadecimal,
    nullable,
    pick,
    table,
    timestamps,
)
from scripts.generator.tables.people import People
from scripts.generator.tables.sessions import BROWSE, FUNNEL, Sessions, sessions

DEVICES = {"web": 46, "ios": 31, "android": 23}
_FEWEST_PRODUCTS, _USERS_PER_PRODUCT = 50, 50
_WITH_PRODUCT = ("product_view", "add_to_cart", "purchase")


def events(people: People, dataset: Dataset, block: int, rows: int) -> Block:
    """One block of events."""
    draws = people.draws
    products = max(_FEWEST_PRODUCTS, people.count // _USERS_PER_PRODUCT)
    index = np.arange(rows) + block * BLOCK_ROWS
    visits = sessions(people, block, rows)
    types = tuple(map(str, dataset.column("event_type").allowed))
    kind = _kinds(visits, types)
    product = _products(draws, visits, index, products)
    concerned = np.isin(kind, [types.index(name) for name in _WITH_PRODUCT])
    anonymous = draws.chance("sessions.null", visits.number, 0.012)
    session_id = beside(b'"s-', hexadecimal(draws.bits("sessions.id", visits.number)), b'"')
    device = draws.pick("sessions.device", visits.number, tuple(DEVICES.values()))
    devices = pick(table([f'"{name}"'.encode() for name in DEVICES]), device[visits.session])
    no_device = draws.chance("events.device.null", index, 0.006)
    ones = np.ones(rows, np.int64)
    last = np.zeros(rows, np.int64)
    last[visits.ends - 1] = ~anonymous
    cells = {
        "event_id": Cell(beside(b'"e-', hexadecimal(draws.bits("events.id", index)), b'"')),
        "user_id": Cell(pick(digits(visits.user + 1, people.count), visits.session)),
        "session_id": Cell(pick(nullable(session_id, anonymous), visits.session)),
        "event_type": Cell(pick(table([f'"{name}"'.encode() for name in types]), kind)),
        "occurred_at": Cell(timestamps(visits.at_ms, millis=True)),
        "device": Cell(nullable(devices, no_device)),
        "product_id": Cell(digits(product, products) * concerned[:, None], concerned),
    }
    counts = {f"{name}_count": (kind == code) * ones for code, name in enumerate(types)}
    return Block(cells, {"event_count": ones, "session_count": last, **counts})


def _kinds(visits: Sessions, types: tuple[str, ...]) -> I64:
    """Positions in the contract's event types."""
    missing = sorted({*FUNNEL, *BROWSE} - {*types})
    if missing:
        raise GeneratorError(f"events.event_type: visits need {', '.join(missing)} to be allowed")
    funnel = np.array([types.index(name) for name in FUNNEL])
    browse = np.array([types.index(name) for name in BROWSE])
    return np.where(visits.step >= 0, funnel[visits.step], browse[visits.browse])


def _products(draws: Draws, visits: Sessions, index: I64, products: int) -> I64:
    """Popular products have low numbers; the steps of a funnel concern the same one."""
    wanted, seen = (
        draws.below(f"{what}.product", at, products) * draws.below(f"{what}.taste", at, products)
        for what, at in (("sessions", visits.number), ("events", index))
    )
    return 1 + np.where(visits.step >= 0, wanted[visits.session], seen) // products
