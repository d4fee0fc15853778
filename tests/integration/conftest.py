"""One running stack for all tests that only use it, and bare emulators for those that look inside.

BACKEND=localstack runs them there; STACK=<folder> uses a stack that is up already, as
`python -m local up --infrastructure-only --state <folder> --port <n>` leaves it, and keeps it up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lakegate import contract
from lakegate.cli.lake import Clients
from lakegate.cli.terminal.safe import Console
from local.backends import choice as backends
from local.backends.choice import Backend
from local.backends.ports import free_port
from local.places import ROOT, Places
from local.up.lakes import client_of
from local.up.program import Up, fresh_name
from local.up.steps import Steps
from tests.integration.batch import Batch
from tests.integration.own_stack import OwnStack, own_stack


@dataclass
class World:
    """A stack with the infrastructure applied."""

    backend: Backend
    places: Places
    outputs: dict[str, str]

    @property
    def clients(self) -> Clients:
        """Clients as the account itself."""
        return Clients(client_of(self.backend.endpoint))

    def batch(self, stem: str) -> Batch:
        """A batch that nobody has used yet."""
        rules = contract.load(ROOT / "config" / "pipeline.yaml")
        return Batch(fresh_name(stem), self.clients, self.outputs, rules, self.backend)


def pytest_report_header() -> str:
    """Says which backend the tests ran on."""
    return f"backend: {os.environ.get('BACKEND') or 'embedded'}"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The shared stack: applied once, stopped at the end."""
    kept = os.environ.get("STACK")
    places = Places(Path(kept) if kept else tmp_path_factory.mktemp("stack"))
    port = int(os.environ.get("PORT", "0")) or free_port()
    wanted = os.environ.get("BACKEND") or "embedded"
    backend, _ = backends.choose(wanted, places, port)
    try:
        outputs = Up(backend, places, Steps(Console(stderr=True))).deploy()
        yield World(backend, places, outputs)
    finally:
        if not kept:
            backend.stop()


@pytest.fixture(scope="session")
def spare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnStack]:
    """A second stack, to torment. The last test by name, that of `terraform destroy`, ends it."""
    with own_stack(tmp_path_factory.mktemp("spare")) as own:
        yield own
