"""The live page that `make up` starts: it answers, gives way, and ends with its stack."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakegate.cli.settings import NAMES
from local.backends import choice as backend
from local.backends import page
from local.backends.stack import HOST
from local.errors import LocalError
from local.places import Places

ENVIRONMENT = {name.upper(): name for name in NAMES} | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
PATIENCE = 60


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    places = Places(tmp_path / "stack")
    places.create()
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        first = probe.getsockname()[1]
    monkeypatch.setattr(page, "PORTS", range(first, first + 20))
    yield places
    page.stop(places)


def answer(url: str) -> str:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as found:
                text: str = found.read().decode()
                return text
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_it_answers_on_a_free_port_until_its_stack_ends(places: Places) -> None:
    with socket.socket() as other:
        other.bind((HOST, page.PORTS[0]))
        other.listen()
        url = page.start(places, ENVIRONMENT)
    assert url == f"http://127.0.0.1:{page.PORTS[1]}"
    _, port = page.running(places) or (0, 0)
    assert port == page.PORTS[1]
    assert "bronze_bucket" in answer(url)
    assert backend.stop(places) is False
    assert page.running(places) is None
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=5)


def test_a_second_one_takes_the_place_of_the_first(places: Places) -> None:
    page.start(places, ENVIRONMENT)
    first = int(places.page_file.read_text().split()[0])
    page.start(places, ENVIRONMENT)
    assert page.running(places)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_a_number_that_is_another_process_by_now_is_left_alone(places: Places) -> None:
    with subprocess.Popen(["sleep", str(PATIENCE)]) as other:
        places.page_file.write_text(f"{other.pid} {page.PORTS[0]}")
        assert page.running(places) is None
        assert page.stop(places) is False
        assert other.poll() is None
        other.kill()


def test_without_a_free_port_it_says_so(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "port_is_free", lambda port: False)
    with pytest.raises(LocalError, match="are taken: choose one: lakegate page --port"):
        page.start(places, ENVIRONMENT)
