"""What a number is good for, by its name: a total, a mean, or neither."""

from __future__ import annotations

import re
from typing import Literal

Measure = Literal["sum", "avg"]

NAMES = re.compile(  # numbers that name or place a thing: to add them up says nothing
    r"(^|_)(id|key|code|number|no|nr|num|nummer|sku|zip|zipcode|postcode|plz|postleitzahl|phone|isbn"
    r"|status|seq|sequence|line|position|pos|rank|order|index|idx|row|copy|level|floor|version"
    r"|revision|release|part|page|chapter|step|attempt|priority|class|grade|zone|room|gate|lane"
    r"|port|channel|offset|week|month|day|hour|minute|second|weekday"
    r"|lat|lon|lng|latitude|longitude)\Z"
    r"|(^|_)(year|jahr|baujahr|lfd)(_|\Z)"
)
SHARES = re.compile(  # numbers of which only the mean means anything
    r"(^|_)(percent|percentage|pct|prozent|anteil|share|ratio|rate|quote|price|balance|saldo"
    r"|kontostand|level|score|rating)(_|\Z)|%"
)
TOTALS = re.compile(
    r"(^|_)(amount|revenue|total|cost|costs|fee|fees|fare|tax|discount|payment|paid|tip|charge"
    r"|turnover|sales|spend|betrag|summe|umsatz|quantity|qty|menge|count|anzahl|units|pieces|items"
    r"|size|bytes|kb|mb|duration|seconds|secs|minutes|mins|hours|ms|distance|miles|km|meters|weight"
    r"|kg|volume|kwh|litres|liters|views|clicks|visits|impressions|downloads|passengers|seats"
    r"|capacity|stock|population|points|goals)(_|\Z)"
)
FEW = 12  # values at most, one after the other, that look like places in an order


def measure(name: str, source: str = "") -> Measure | None:
    """How numbers of that name are taken together; `source` is what the data calls them."""
    if NAMES.search(name):
        return None
    if SHARES.search(name) or SHARES.search(source):
        return "avg"
    return "sum" if TOTALS.search(name) else "avg"


def is_order(values: set[int]) -> bool:
    """Whether whole numbers look like places in an order: few, from 0 or 1 on, with no gap."""
    least, most = min(values), max(values)
    return least in (0, 1) and len(values) == most - least + 1 <= FEW
