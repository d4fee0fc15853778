"""What `make up` shows waits for the report, which a run writes after its publication."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from lakegate.cli.reads import facts
from local.up import lakes
from local.up.lakes import Batch


def found(report: dict[str, Any] | None) -> SimpleNamespace:
    return SimpleNamespace(
        published=SimpleNamespace(revision="r1"), revisions={"r1": SimpleNamespace(report=report)}
    )


def batch_of(looks: list[SimpleNamespace], monkeypatch: pytest.MonkeyPatch) -> Batch:
    """A batch of which each look shows the next facts, and the last ones from then on."""
    monkeypatch.setattr(
        facts, "collect", lambda lake, name: looks.pop(0) if len(looks) > 1 else looks[0]
    )
    monkeypatch.setattr(lakes, "POLL_SECONDS", 0)
    nothing: Any = None
    return Batch("b", nothing, nothing)


def test_the_report_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    last = found({"datasets": {}})
    batch = batch_of([found(None), found(None), last], monkeypatch)
    outcome: Any = batch.outcome()
    assert outcome is last


def test_a_report_that_never_comes_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lakes, "REPORTED_SECONDS", 0)
    outcome: Any = batch_of([found(None)], monkeypatch).outcome()
    assert outcome.revisions["r1"].report is None
