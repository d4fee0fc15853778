"""What the tests of lakegate share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lakegate.cli import lake as lakes
from lakegate.cli import main
from lakegate.cli.settings import NAMES
from lakegate.cli.terminal import render
from tests.unit.cli.scene import ROOT, SETTINGS, Scene, fresh


@pytest.fixture
def scene() -> Scene:
    return fresh()


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Shell = Callable[..., Done]


@pytest.fixture
def shell(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """Runs `lakegate` against the scene's cloud, in the environment of `.local/env`."""
    for name in NAMES:
        monkeypatch.setenv(name.upper(), getattr(SETTINGS, name))
    monkeypatch.setattr(lakes, "aws", scene.cloud.client)
    monkeypatch.setattr(render.out, "width", 200)
    monkeypatch.chdir(ROOT)

    def run(*words: str) -> Done:
        try:
            main.app([*words])
        except SystemExit as ended:
            code = ended.code
        else:
            code = 0
        printed = capsys.readouterr()
        return Done(int(code or 0), printed.out, printed.err)

    return run
