"""While a release is deployed, calls of the old and of the new code work on the same batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import product
from typing import Any
from unittest import mock

import pytest

from lakegate.aws import codec
from lakegate.ledger.records import Engine
from tests.faults.world import ENGINES, World, body

Release = Callable[[], AbstractContextManager[None]]


@contextmanager
def later() -> Iterator[None]:
    """The next release, whose records have a layout of their own and a field more."""
    own = codec.encode

    def encode(record: Any) -> dict[str, Any]:
        document = own(record)
        if "version" not in document:
            return document
        reads_from = document.get("reads_from", document["version"])
        news = {"version": document["version"] + 1, "reads_from": reads_from, "later": 1}
        return {**document, **news}

    with mock.patch.object(codec, "encode", encode):
        yield


@pytest.mark.parametrize("engine", ENGINES)
def test_two_releases_at_once_lead_to_one_publication(engine: Engine) -> None:
    """Each arrival, the run, the repair and a correction by either release, in all 64 ways."""
    releases: tuple[Release, ...] = (nullcontext, later)
    for chosen in product(releases, repeat=6):
        world = World(engine)
        world.upload_batch("a")
        arrivals = [partial(world.notify, item) for item in world.queue]
        steps: list[Callable[[], None]] = [*arrivals, world.run_jobs, world.reconcile]
        world.queue.clear()
        for release, step in zip(chosen, steps, strict=False):
            with release():
                step()
        assert len(world.runs) == 1
        assert world.is_published("a")
        world.upload("a/users.json", body("users", 2))
        with chosen[5]():
            world.settle()
        assert len(world.runs) == 2
        wanted = [body("users", 2), body("events"), body("orders")]
        assert world.readers_see("a") == sorted(wanted)
