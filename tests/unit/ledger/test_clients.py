"""Time-outs and retries of the clients, on which the ledger's promises rest."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from lakegate.aws import clients


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.mark.parametrize("service", ["glue", "lambda"])
def test_a_run_is_never_asked_for_twice_by_the_sdk(service: Any) -> None:
    assert _config(clients.starter(service)).retries["total_max_attempts"] == 1


@pytest.mark.parametrize("make", [clients.s3, clients.glue, partial(clients.starter, "glue")])
def test_every_wait_is_shorter_than_a_lambda_call(make: Any) -> None:
    config = _config(make())
    tries = config.retries["total_max_attempts"]
    assert tries * (config.connect_timeout + config.read_timeout) < 120


def _config(client: Any) -> Any:
    return client.meta.config
