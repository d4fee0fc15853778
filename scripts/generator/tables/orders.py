"""Orders: one for each purchase seen in the events of the same block, the rest from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lakegate.contract import Dataset
from scripts.generator.draws import I64, U8, Draws
from scripts.generator.errors import GeneratorError
from scripts.generator.tables import season
from scripts.generator.tables.block import BLOCK_ROWS, Block
from scripts.generator.tables.cells import (
    MS_PER_DAY,
    Cell,
    beside,
    cents,
    digits,
    hexadecimal,
    nullable,
    pick,
    table,
    timestamps,
)
from scripts.generator.tables.people import People
from scripts.generator.tables.sessions import sessions

_AGES_MS = (3 * MS_PER_DAY, 10 * MS_PER_DAY)
# weights by age of the order: up to 3 days, up to 10 days, older
STATUS = {
    "pending": (40, 3, 0), "paid": (48, 17, 2), "shipped": (8, 50, 3),
    "delivered": (0, 24, 87), "cancelled": (4, 5, 5), "refunded": (0, 1, 3),
}  # fmt: skip
PAID = ("paid", "shipped", "delivered")
PAYMENT = {"card": 58, "paypal": 24, "gift_card": 6, "bank_transfer": 12}
_ITEMS = (46, 24, 12, 7, 4, 3, 2, 2)
_PRICE = (249, 6_500)  # hundredths: the lowest, and what chance adds (squared, so most are low)
MOST_CENTS = (_PRICE[0] + _PRICE[1] * 8) * len(_ITEMS)


def orders(people: People, dataset: Dataset, block: int, rows: int) -> Block:
    """One block of orders."""
    draws = people.draws
    index = np.arange(rows) + block * BLOCK_ROWS
    user, at_ms = _who_and_when(people, block, index)
    age = np.searchsorted(_AGES_MS, season.end_ms() - at_ms)
    status = _status(draws, index, age)
    items = 1 + draws.pick("orders.item_count", index, _ITEMS)
    skew = draws.below("orders.price", index, 1 << 10) * draws.below("orders.taste", index, 1 << 10)
    amount = items * (_PRICE[0] + ((skew * _PRICE[1]) >> 17))
    no_amount = draws.chance("orders.amount.null", index, 0.003)
    payment = draws.pick("orders.payment_method", index, tuple(PAYMENT.values()))
    names = tuple(STATUS)
    unpaid = (status == names.index("pending")) | draws.chance("orders.payment.null", index, 0.004)
    no_items = draws.chance("orders.item_count.null", index, 0.005)
    cells = {
        "order_id": Cell(beside(b'"o-', hexadecimal(draws.bits("orders.id", index)), b'"')),
        "user_id": Cell(digits(user + 1, people.count)),
        "ordered_at": Cell(timestamps(at_ms)),
        "status": Cell(pick(_quoted(dataset, "status", STATUS), status)),
        "amount": Cell(nullable(cents(amount, MOST_CENTS), no_amount)),
        "item_count": Cell(nullable(digits(items, len(_ITEMS)), no_items)),
        "payment_method": Cell(
            nullable(pick(_quoted(dataset, "payment_method", PAYMENT), payment), unpaid)
        ),
    }
    ones = np.ones(rows, np.int64)
    paid = np.isin(status, [names.index(name) for name in PAID])
    return Block(
        cells,
        {
            "order_count": ones,
            "paid_order_count": paid * ones,
            "cancelled_order_count": (status == names.index("cancelled")) * ones,
            "refunded_order_count": (status == names.index("refunded")) * ones,
            "orders_without_amount": no_amount * ones,
            "revenue": amount * paid * ~no_amount,
        },
    )


def _who_and_when(people: People, block: int, index: I64) -> tuple[I64, I64]:
    """Users and times: a minute after each purchase of the block, then any time after sign-up."""
    user = people.visitors("orders.user", index)
    at_ms = people.visit_ms("orders.ordered_at", index, user)
    visits = sessions(people, block, len(index))
    bought = visits.purchases
    user[: len(bought)] = visits.user[visits.session[bought]]
    at_ms[: len(bought)] = visits.at_ms[bought] + 1000
    return user, at_ms


def _status(draws: Draws, index: I64, age: I64) -> I64:
    by_age = zip(*STATUS.values(), strict=True)
    return np.choose(age, [draws.pick("orders.status", index, weights) for weights in by_age])


def _quoted(dataset: Dataset, column: str, known: Iterable[str]) -> U8:
    unknown = sorted({*known} - {*dataset.column(column).allowed})
    if unknown:
        raise GeneratorError(f"{column}: the generator writes {', '.join(unknown)}, not allowed")
    return table([f'"{name}"'.encode() for name in known])
