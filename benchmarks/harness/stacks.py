"""The stack that a benchmark runs on: one of its own, or the one that the environment names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lakegate.cli.lake import Clients
from lakegate.cli.terminal.safe import Console
from local.backends.choice import embedded
from local.backends.ports import free_port
from local.places import Places
from local.up.lakes import client_of
from local.up.program import Up, environment
from local.up.steps import Steps


@dataclass(frozen=True)
class Running:
    """A stack that answers: clients of the account, and Terraform's outputs in lower case."""

    clients: Clients
    outputs: dict[str, str]


@contextmanager
def emulator() -> Iterator[Mapping[str, str]]:
    """Endpoint variables of the S3 that AWS_ENDPOINT_URL names, or of a bare emulator."""
    if "AWS_ENDPOINT_URL" in os.environ:
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory() as folder:
        own = embedded(Places(Path(folder)), free_port())
        own.start()
        try:
            yield own.endpoint
        finally:
            own.stop()


@contextmanager
def stack() -> Iterator[Running]:
    """The stack of `.local/env`, if that is in the environment, or one with all infrastructure."""
    if "BRONZE_BUCKET" in os.environ:
        yield _of(os.environ)
        return
    with tempfile.TemporaryDirectory() as folder:
        places = Places(Path(folder))
        own = embedded(places, free_port())
        try:
            outputs = Up(own, places, Steps(Console(stderr=True))).deploy()
            yield running(own.endpoint, outputs)
        finally:
            own.stop()


def running(endpoint: Mapping[str, str], outputs: Mapping[str, str]) -> Running:
    """The stack of an endpoint, with what Terraform says of it."""
    return _of(environment(endpoint, outputs))


def _of(values: Mapping[str, str]) -> Running:
    return Running(
        Clients(client_of(values)), {name.lower(): value for name, value in values.items()}
    )
