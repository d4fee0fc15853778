"""Files as they went wrong for somebody: what comes of each, with strict and with lenient casts."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from lakegate.cli.lake import Clients
from lakegate.cli.terminal.safe import Console
from local.backends import choice as backends
from local.backends.choice import Backend
from local.backends.ports import free_port
from local.places import Places
from local.up.lakes import client_of
from local.up.program import Up, fresh_name
from local.up.steps import Steps
from tests.integration.own import shapes
from tests.integration.own.cases import Case, Stand, with_casts

pytestmark = pytest.mark.stack
CASES = Case.all()
LAYERS = ("bronze", "silver", "gold", "quarantine", "control")


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Where both contracts are deployed, the second over the first."""
    wanted = os.environ.get("BACKEND") or "embedded"
    places = Places(tmp_path_factory.mktemp("cases"))
    chosen, _ = backends.choose(wanted, places, free_port())
    try:
        yield chosen
    finally:
        chosen.stop()


@pytest.fixture(scope="module", params=["strict", "lenient"])
def stand(
    request: pytest.FixtureRequest, backend: Backend, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Stand, dict[str, str], str]:
    """A stack of the demo with those casts, all cases uploaded at once, and their batches."""
    project = with_casts(tmp_path_factory.mktemp("projects") / "project", request.param)
    steps = Steps(Console(stderr=True))
    outputs = Up(backend, backend.places, steps, None, project, "duckdb").deploy()
    buckets = {layer: outputs[f"{layer}_bucket"] for layer in LAYERS}
    stand = Stand(Clients(client_of(backend.endpoint)).s3, buckets)
    batches = {case.folder.name: fresh_name(case.folder.name) for case in CASES}
    for case in CASES:
        stand.upload(case, batches[case.folder.name])
    return stand, batches, request.param


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)
def test_a_public_failure(stand: tuple[Stand, dict[str, str], str], case: Case) -> None:
    place, batches, casts = stand
    assert place.wrong(case.expected(casts), batches[case.folder.name]) == []


def test_every_shape_of_a_file_gives_the_same_rows(
    stand: tuple[Stand, dict[str, str], str],
) -> None:
    shapes.give_the_same_rows(stand[0])
