"""Tab behind a command offers the names of batches, quickly, and nothing when nothing answers."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from lakegate.cli import lake as lakes
from lakegate.cli import main
from lakegate.cli.settings import NAMES
from tests.unit.cli.scene import SETTINGS, Scene

Tab = Callable[[str], tuple[list[str], str]]


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tab:
    """What bash is told for a line that ends where Tab was pressed, and standard error."""
    for name in NAMES:
        monkeypatch.setenv(name.upper(), getattr(SETTINGS, name))

    def press(line: str) -> tuple[list[str], str]:
        monkeypatch.setenv("_LAKEGATE_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        with pytest.raises(SystemExit):
            main.app([], prog_name="lakegate")
        told = capsys.readouterr()
        return told.out.split(), told.err

    return press


@pytest.mark.parametrize(
    "line", ["explain 2026", "watch 2026", "rollback 2026", "rejected --batch 2026"]
)
def test_names_that_begin_so_are_offered(
    tab: Tab, scene: Scene, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(lakes, "aws", lambda service, _: scene.cloud.client(service))
    for batch in ("2026-11-22", "2026-11-23", "backfill"):
        scene.arrive(batch, "users")
    assert tab(f"lakegate {line}") == (["2026-11-22", "2026-11-23"], "")


@pytest.fixture
def silent() -> Iterator[str]:
    """An endpoint that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_nothing_is_offered_or_said_when_nothing_answers(
    tab: Tab, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "ACCESS_KEY_ID": "x",
        "SECRET_ACCESS_KEY": "x",
        "REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", silent)
    begun = time.monotonic()
    assert tab("lakegate explain 2026") == ([], "")
    assert time.monotonic() - begun < 5


def test_nothing_is_offered_or_said_without_a_lake(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONTROL_BUCKET")
    assert tab("lakegate explain 2026") == ([], "")
