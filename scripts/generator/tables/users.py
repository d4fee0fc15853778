"""Users: names and cities that fit the country, more accounts as the shop grows."""

from __future__ import annotations

import numpy as np

from scripts.generator.draws import I64, U8
from scripts.generator.tables.block import Block
from scripts.generator.tables.cells import Cell, beside, digits, nullable, pick, table, timestamps
from scripts.generator.tables.people import People
from scripts.generator.tables.vocabulary import COUNTRIES, Vocabulary, Words

_COUNTRY = table([f'"{code}"'.encode() for code, _, _ in COUNTRIES])
_WEIGHTS = tuple(weight for _, _, weight in COUNTRIES)
_DOMAINS = table([b"example.com", b"example.org", b"example.net"])
_BOOLEAN = table([b"false", b"true"])
_NULL_SHARE = {
    "full_name": 0.004, "email": 0.012, "country": 0.008, "city": 0.02, "marketing_opt_in": 0.03
}  # fmt: skip


def users(people: People, words: Vocabulary, index: I64) -> Block:
    """The users of these indexes; `user_id` is the index + 1."""
    draws = people.draws
    country = draws.pick("users.country", index, _WEIGHTS)

    def word(kind: str, of: Words) -> I64:
        return of.starts[country] + draws.below(f"users.{kind}", index, of.sizes()[country])

    def null(column: str, text: U8) -> Cell:
        share = _NULL_SHARE[column]
        return Cell(nullable(text, draws.chance(f"users.{column}.null", index, share)))

    user_id = digits(index + 1, people.count)
    first, last = word("first_name", words.first_names), word("last_name", words.last_names)
    name = beside(
        b'"', pick(words.first_names.texts, first), b" ", pick(words.last_names.texts, last), b'"'
    )
    domain = pick(_DOMAINS, draws.pick("users.domain", index, (6, 3, 1)))
    email = beside(b'"', pick(words.local_parts, first), user_id, b"@", domain, b'"')
    city = beside(b'"', pick(words.cities.texts, word("city", words.cities)), b'"')
    opt_in = draws.pick("users.marketing_opt_in", index, (58, 42))
    cells = {
        "user_id": Cell(user_id),
        "full_name": null("full_name", name),
        "email": null("email", email),
        "country": null("country", pick(_COUNTRY, country)),
        "city": null("city", city),
        "signed_up_at": Cell(timestamps(people.signed_up_ms(index))),
        "marketing_opt_in": null("marketing_opt_in", pick(_BOOLEAN, opt_in)),
    }
    return Block(cells, {"users": np.ones(len(index), np.int64)})
