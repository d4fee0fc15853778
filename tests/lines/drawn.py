"""Lines as writers lay them out, with tokens of the table of casts."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from random import Random

from lakegate.contract.model import Column, Dataset
from tests.lines.cases import cases

MOST = 300  # characters of a token
COLUMNS: dict[str, Column] = {}
TOKENS: dict[str, list[str]] = defaultdict(list)
for case in cases():
    kind = f"{case.column.type} {case.column.epoch}"
    if case.casts == "lenient" and len(case.token) <= MOST:
        COLUMNS[kind] = case.column
        TOKENS[kind].append(case.token)
EXTRAS = (
    "1", "-0.5e3", '"x"', '"a\\"b\\\\"', "null", "true", "[]", "{}", "[1, 2]", '["a",{"b":1}]',
    '{"b":1}', '{"b":1,"c":[true]}', '{"c":[false, null],"b":2}', '{"b":{"d":""}}', '"\\u0000"',
    '"\\ud83d\\ude00"', '"\\u00e9"', '"{\\"x\\":1}"', '{"b":"}{"}', "[[1],[2,[3]]]", '"é😀"',
    '{"k1":1}', '{"k2":1}', '{"k3":1,"k1":2}', "1.50", "12345678901234567890.5", '"\\/\\n"',
)  # fmt: skip
NAMES = ("id", "ID", "a b", "é", "order", "x.y", "$", "from", "z", "q\"'")


@dataclass
class Writer:
    """Somebody who writes lines of a dataset, mostly in one layout."""

    rng: Random
    dataset: Dataset
    keys: list[str]
    pools: dict[str, list[str]]
    colon: str
    comma: str

    def line(self) -> bytes:
        """The next line."""
        keys = list(self.keys)
        for key in self.keys[1:]:
            if self.rng.random() < 0.05:
                keys.remove(key)
        if self.rng.random() < 0.03:
            self.rng.shuffle(keys)
        if self.rng.random() < 0.03:
            keys.append(self.rng.choice(self.keys))
        return (self._object(keys) + self.rng.choice(["", "", "", " ", "\r", "}", "x"])).encode()

    def _object(self, keys: list[str]) -> str:
        pairs = [f"{json.dumps(key)}{self.colon}{self._token(key)}" for key in keys]
        return "{" + self.comma.join(pairs) + "}"

    def _token(self, key: str) -> str:
        inner = [c for c in self.dataset.columns if c.path[0] == key and len(c.path) > 1]
        if inner and self.rng.random() < 0.95:
            pairs = [
                f"{json.dumps(column.path[1])}{self.colon}{self._one(column.name)}"
                for column in inner
                if self.rng.random() < 0.95
            ]
            return "{" + self.comma.join(pairs) + "}"
        return self._one(key)

    def _one(self, name: str) -> str:
        pool = self.pools.get(name) or list(EXTRAS)
        return self.rng.choice(pool[:3] if self.rng.random() < 0.9 else pool)


def writer(rng: Random) -> Writer:
    """A writer and the dataset, as a seed will have it."""
    columns = tuple(_column(rng, f"c{n}") for n in range(rng.randrange(1, 6)))
    pools = {}
    for column in columns:
        pool = TOKENS[f"{column.type} {column.epoch}"]
        pools[column.name] = [*rng.sample(pool, len(pool)), "null"]
    keys = list(dict.fromkeys([column.path[0] for column in columns]))
    keys += rng.sample(NAMES, rng.randrange(3))
    rng.shuffle(keys)
    pools |= {key: rng.sample(EXTRAS, 5) for key in keys if key in NAMES}
    blanks = rng.choice([(":", ","), (":", ","), (": ", ", "), (" : ", " , "), (":  ", ",\t")])
    return Writer(rng, Dataset(columns), keys, pools, *blanks)


def _column(rng: Random, name: str) -> Column:
    kind = rng.choice(sorted(COLUMNS))
    column = replace(COLUMNS[kind], name=name, required=rng.random() < 0.5)
    if rng.random() < 0.2:
        column = replace(column, source=("nest", name))
    if column.type == "string" and rng.random() < 0.2:
        column = replace(column, allowed=("abc", "12", "é", 'a"b', ""))
    if column.type == "bigint" and rng.random() < 0.2:
        column = replace(column, allowed=(7, 12))
    return column
