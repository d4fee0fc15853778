"""What a failed installation leaves and says."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from local.errors import LocalError
from local.tools import installer

SAYS = "import sys; print('no route to the index', file=sys.stderr); "


def test_the_reason_is_said_and_not_the_hint() -> None:
    program = SAYS + "print('hint: try another', file=sys.stderr); sys.exit(2)"
    with pytest.raises(LocalError, match="no route to the index"):
        installer.run(sys.executable, "-c", program)


def test_what_a_broken_attempt_left_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "none.txt").write_text("")
    monkeypatch.setattr(installer, "ROOT", tmp_path)
    for _ in range(2):
        installer.install("none", tmp_path / "made")
    assert (tmp_path / "made" / "bin" / "python").exists()


def test_one_at_a_time_fills_a_folder(tmp_path: Path) -> None:
    seen: list[str] = []

    def second() -> None:
        with installer.alone(tmp_path / "new" / "tool"):
            seen.append("second")

    other = threading.Thread(target=second)
    with installer.alone(tmp_path / "new" / "tool"):
        other.start()
        other.join(0.3)
        seen.append("first")
    other.join()
    assert seen == ["first", "second"]
