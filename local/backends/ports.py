"""Which port of loopback a stack gets."""

from __future__ import annotations

import random

from local.backends.stack import port_is_free
from local.errors import LocalError
from local.places import Places

FIRST = 4566
STEP = 10  # LocalStack takes the next port as well
MOST = 20
# Below those that systems give to outgoing connections, any of which might be the port's.
PASSING = range(20_000, 30_000)


def choose(places: Places, wanted: int | None, is_up: bool) -> int:
    """The port that is wanted; else the one that the stack has, had, or the first that is free.

    LocalError when none is.
    """
    had = _had(places)
    if is_up and had and wanted in {None, had}:
        return had
    if is_up and had:
        raise LocalError(f"the stack is up on port {had}", "run make down first, or leave PORT out")
    if wanted is not None:
        return wanted
    candidates: tuple[int, ...] = (had or FIRST, *range(FIRST, FIRST + STEP * MOST, STEP))
    for port in candidates:
        if port_is_free(port) and port_is_free(port + 1):
            return port
    raise LocalError(
        f"ports {FIRST}, {FIRST + STEP} … {candidates[-1]} are taken",
        "stop what has them, or choose another port: make up PORT=<port>",
    )


def free_port() -> int:
    """A port that is free, as its neighbour is, for a stack that will soon be gone."""
    chance = random.SystemRandom()
    while True:
        port = chance.choice(PASSING)
        if port_is_free(port) and port_is_free(port + 1):
            return port


def keep(places: Places, port: int) -> None:
    """Notes the port, so that the stack gets it again."""
    places.folder.mkdir(parents=True, exist_ok=True)
    places.port_file.write_text(str(port))


def _had(places: Places) -> int | None:
    try:
        return int(places.port_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
