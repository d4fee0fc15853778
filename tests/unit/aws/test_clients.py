"""Time-outs and retries of the clients, on which the ledger's promises rest."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from lakegate.aws import clients
from lakegate.aws.errors import LedgerError


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


@pytest.mark.parametrize("version", ["1.34.131", "1.35.68", "1.9.99", "0.100.200"])
def test_an_sdk_that_drops_conditions_is_refused(version: str) -> None:
    with pytest.raises(LedgerError, match=f"botocore {version} is too old .* 1.35.69 or newer"):
        clients.require_conditional_writes(version)


@pytest.mark.parametrize("version", ["1.35.69", "1.36.0", "1.40.61", "2.0.0"])
def test_newer_sdks_are_taken(version: str) -> None:
    clients.require_conditional_writes(version)


def test_no_client_is_made_with_an_old_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "OLDEST_BOTOCORE", (99, 0, 0))
    with pytest.raises(LedgerError):
        clients.s3()


def _config(client: Any) -> Any:
    return client.meta.config
