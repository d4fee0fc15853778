"""What was seen in one place of a file's first lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_KEYS = 200
MOST_SAMPLES = 50
LONGEST_SAMPLE = 200
DEEPEST = 8


@dataclass
class Shape:
    """What was seen in one place of the lines.

    `scalars` has a few of the tokens, the empty text if it is one, `members` the keys of objects
    in their order, `always` those of them that no object lacked. Where objects have keys as they
    please, `others` is what any of them may have. `items` is what arrays hold.
    """

    scalars: list[Any] = field(default_factory=list)
    members: dict[str, Shape] | None = None
    always: set[str] = field(default_factory=set)
    others: Shape | None = None
    items: Shape | None = None

    def see(self, value: Any, depth: int = 1) -> None:
        """Take in what stands in the place on one more line."""
        if depth > DEEPEST:
            return
        if isinstance(value, dict):
            self._see_object(value, depth)
        elif isinstance(value, list):
            self.items = self.items or Shape()
            for item in value[:MOST_SAMPLES]:
                self.items.see(item, depth + 1)
        elif value is not None and (
            len(self.scalars) < MOST_SAMPLES or (value == "" and "" not in self.scalars)
        ):
            self.scalars.append(value[:LONGEST_SAMPLE] if type(value) is str else value)

    def absorb(self, other: Shape) -> None:
        """Take in what was seen in another place."""
        self.scalars = [*self.scalars, *other.scalars][:MOST_SAMPLES]
        if other.items is not None:
            self.items = self.items or Shape()
            self.items.absorb(other.items)
        for values in (other.others, *(other.members or {}).values()):
            if values is not None:
                self._other().absorb(values)
        if other.members is not None:
            self.members = self.members or {}
            self._other()

    def values(self) -> Shape | None:
        """What any key of the objects may have, where the keys are in no order that helps.

        That is so where no key stands in all of them, so that none can be told to be the first.
        """
        if self.others is not None or not self.members or self.always:
            return self.others
        found = Shape()
        for member in self.members.values():
            found.absorb(member)
        return found

    def _other(self) -> Shape:
        self.others = self.others or Shape()
        return self.others

    def _see_object(self, value: dict[str, Any], depth: int) -> None:
        if self.members is None:
            self.members, self.always = {}, set(value)
        order = merged(list(self.members), list(value))
        if self.others is None and (order is None or len(order) > MOST_KEYS):
            for member in self.members.values():
                self._other().absorb(member)
        if self.others is not None or order is None:
            for item in value.values():
                self._other().see(item, depth + 1)
            return
        self.always &= set(value)
        self.members = {key: self.members.get(key) or Shape() for key in order}
        for key, item in value.items():
            self.members[key].see(item, depth + 1)


def merged(known: Sequence[str], new: Sequence[str]) -> list[str] | None:
    """One order of keys in which both fit; None if they contradict each other."""
    order, at = list(known), 0
    places = {key: place for place, key in enumerate(known)}
    if list(known) == list(new):
        return order
    added = 0
    for key in new:
        if key in places:
            place = places[key] + added
            if place < at:
                return None
            at = place + 1
        else:
            order.insert(at, key)
            at, added = at + 1, added + 1
    return order
