"""Names and cities by country, drawn from Faker once per run."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np

from scripts.generator.draws import I64, U8
from scripts.generator.tables.cells import table

# (country, Faker's locale, weight); not it_IT, whose cities are in a set and so in no fixed order
COUNTRIES = (
    ("US", "en_US", 30), ("GB", "en_GB", 11), ("DE", "de_DE", 11), ("FR", "fr_FR", 9),
    ("ES", "es_ES", 6), ("PT", "pt_PT", 6), ("NL", "nl_NL", 5), ("PL", "pl_PL", 5),
    ("SE", "sv_SE", 3), ("BR", "pt_BR", 6), ("JP", "ja_JP", 5), ("TR", "tr_TR", 3),
)  # fmt: skip
_PROVIDERS = ["faker.providers.person", "faker.providers.address"]
_NAMES, _CITIES = 120, 60


@dataclass(frozen=True)
class Words:
    """Texts of all countries in one matrix; `starts[c]` to `starts[c + 1]` are country c's."""

    texts: U8
    starts: I64

    def sizes(self) -> I64:
        """Texts per country."""
        return np.diff(self.starts)


@dataclass(frozen=True)
class Vocabulary:
    """JSON-escaped UTF-8 without quotes; `local_parts` go with `first_names` line by line."""

    first_names: Words
    last_names: Words
    cities: Words
    local_parts: U8


@cache
def vocabulary(seed: int) -> Vocabulary:
    """The same words for the same seed and version of Faker."""
    from faker import Faker  # noqa: PLC0415 - half a second, and only users have names

    first: list[list[str]] = []
    last: list[list[str]] = []
    cities: list[list[str]] = []
    for number, (_, locale, _) in enumerate(COUNTRIES):
        fake = Faker(locale, providers=_PROVIDERS)
        fake.seed_instance(seed * len(COUNTRIES) + number)
        first.append([fake.first_name() for _ in range(_NAMES)])
        last.append([fake.last_name() for _ in range(_NAMES)])
        cities.append([fake.city() for _ in range(_CITIES)])
    local = [_ascii(name).encode() for names in first for name in names]
    return Vocabulary(_words(first), _words(last), _words(cities), table(local))


def _words(lists: list[list[str]]) -> Words:
    texts = [json.dumps(text, ensure_ascii=False)[1:-1].encode() for row in lists for text in row]
    return Words(table(texts), np.cumsum([0, *map(len, lists)]))


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in plain if letter.isalnum()) or "user"
