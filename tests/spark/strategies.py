"""Dirty batches: lines of users, events and orders with everything that producers get wrong."""

from __future__ import annotations

import json
import os
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from random import Random

from hypothesis import strategies as st

from tests.oracle import DEVICES, EVENT_TYPES, PAYMENTS, STATUSES
from tests.spark import pools

Draw = Callable[[Random], str]

# Few ids in one place, so that users, events and orders meet and keys repeat; many places, so that
# a large batch has many users. Some ids stand everywhere.
PLACES = 200
USER_IDS = ("9007199254740993", "-1", "0")
KEYS = ("E", "ü", "", "1", "true")
SIZES = {"users": 8, "events": 20, "orders": 12}
# So that no dataset is empty and none is rejected as a whole. It stands first, because a byte order
# mark there is one that the validator refuses and Spark skips.
GOOD = {
    "users": b'{"user_id": 7, "signed_up_at": "2026-01-01T00:00:00Z"}',
    "events": b'{"event_id": "ok", "user_id": 7, "event_type": "search",'
    b' "occurred_at": "2026-01-01T00:00:00Z"}',
    "orders": b'{"order_id": "ok", "user_id": 7, "ordered_at": "2026-01-01T00:00:00Z",'
    b' "status": "paid"}',
}


def batch(rng: Random, places: int = 1) -> dict[str, list[bytes]]:
    """Lines of each dataset with the ids of so many places, in no order."""
    lines: dict[str, list[bytes]] = {dataset: [] for dataset in GOOD}
    for _ in range(places):
        place = rng.randrange(PLACES)
        for dataset, size in SIZES.items():
            tokens = columns(dataset, place)
            lines[dataset] += [line(rng, tokens) for _ in range(size)]
    for dataset, rows in lines.items():
        copies = [rng.choice(rows) for _ in range(len(rows) // 8)]
        lines[dataset] = [GOOD[dataset], *shuffled(rng, rows + copies)]
    return lines


def drawn() -> tuple[dict[str, list[bytes]], str]:
    """A batch, other in each session, and how it is had again.

    SPARK_PLACES asks for more lines (45 to a place), SPARK_SEED for the same.
    """
    seed = int(os.environ.get("SPARK_SEED") or Random().randrange(10**9))
    lines = batch(Random(seed), int(os.environ.get("SPARK_PLACES", "150")))
    return lines, f"again with SPARK_SEED={seed}"


def shuffled(rng: Random, rows: list[bytes]) -> list[bytes]:
    """The same lines in another order; a byte order mark, which begins a file, is never first."""
    return sorted(rng.sample(rows, len(rows)), key=lambda row: row.startswith(BOM_UTF8))


batches = st.randoms(use_true_random=False).map(batch)


def line(rng: Random, tokens: dict[str, Draw]) -> bytes:
    """An object, or now and then a line that is none, or a blank one."""
    kind = rng.randrange(20)
    if kind == 0:
        return rng.choice(pools.NOT_OBJECTS)
    if kind == 1:
        return rng.choice(pools.BLANKS)
    colon, comma = rng.choice([(":", ","), (":", ","), (": ", ", "), (" : ", " , ")])
    items = [f'"{key}"{colon}{found}' for key, draw in tokens.items() if (found := draw(rng))]
    # Not more orders than these: the validator learns each, which takes it time.
    items = rng.choice([items, items, items[::-1], [*items[3:], *items[:3]]])
    if rng.randrange(6) == 0:
        items.insert(rng.randrange(len(items) + 1), rng.choice(pools.EXTRAS))
    if items and rng.randrange(30) == 0:
        items.append(rng.choice(items))
    text = "{" + comma.join(items) + "}" + rng.choice(["", "", "", "\r", " "])
    if rng.randrange(30) == 0:
        text = text.replace("_", "\\u005f", rng.randrange(1, 4))  # also in keys
    return text.encode()


def columns(dataset: str, place: int) -> dict[str, Draw]:
    """How the tokens of each column are drawn; an empty one is left out."""
    user_ids = field([*(str(10 * place + n) for n in range(1, 5)), *USER_IDS], pools.NOT_WHOLE)
    keys = field(quoted([*(f"{letter}{place}" for letter in "abcdefghij"), *KEYS]), pools.NOT_TEXT)
    moments = field(pools.MOMENTS, pools.BAD_MOMENTS)
    if dataset == "users":
        return {
            "user_id": user_ids,
            "full_name": text,
            "email": text,
            "country": text,
            "city": text,
            "signed_up_at": moments,
            "marketing_opt_in": field(["true", "false"], pools.NOT_BOOL),
        }
    if dataset == "events":
        return {
            "event_id": keys,
            "user_id": user_ids,
            "session_id": keys,
            "event_type": choice(EVENT_TYPES),
            "occurred_at": moments,
            "device": choice(DEVICES),
            "product_id": field(pools.WHOLE, pools.NOT_WHOLE),
        }
    return {
        "order_id": keys,
        "user_id": user_ids,
        "ordered_at": moments,
        "status": choice(STATUSES),
        "amount": field([*pools.AMOUNTS, *pools.BAD_AMOUNTS], pools.NOT_TEXT),
        "item_count": field(pools.WHOLE, pools.NOT_INT),
        "payment_method": choice(PAYMENTS),
    }


def field(good: Sequence[str], bad: Sequence[str]) -> Draw:
    """A column's token: mostly good, sometimes null, absent or wrong."""

    def draw(rng: Random) -> str:
        if rng.randrange(20):
            return rng.choice(good)
        wrong = rng.choice(bad)
        return rng.choice(["null", "", wrong, wrong])

    return draw


def choice(values: Sequence[str]) -> Draw:
    return field(quoted(values), pools.NOT_CHOSEN)


def quoted(values: Sequence[str]) -> list[str]:
    return [json.dumps(value) for value in values]


def text(rng: Random) -> str:
    """Text of one or two parts, with escapes for what is not ASCII or without."""
    parts = [rng.choice(pools.TEXTS), rng.choice(["", rng.choice(pools.TEXTS)])]
    given = json.dumps("".join(parts), ensure_ascii=bool(rng.randrange(2)))
    return field([given], pools.NOT_TEXT)(rng)
