"""What `make up` is asked for is looked at before anything is started."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from local.__main__ import app


@pytest.mark.parametrize(
    "words", [("--engine", "dukdb"), ("--port", "70000"), ("--port", "0"), ("--rows", "0")]
)
def test_what_makes_no_sense_starts_nothing(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["up", *words, "--project", "nowhere"])
    assert (done.exit_code, "nowhere" in done.output) == (2, False)
