"""`make preview` shows outcomes and rows of a project's files."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from scripts import preview

ROOT = Path(__file__).resolve().parents[3]


def shown(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(preview.main)
    return CliRunner().invoke(app, arguments)


def test_the_command_shows_the_sample() -> None:
    result = shown()
    assert result.exit_code == 0
    assert "conversion_rate" in result.output


def test_any_relation_of_any_project_can_be_shown() -> None:
    result = shown("--relation", "country_revenue", "--rows", "1")
    assert result.exit_code == 0
    assert "buyer_count" in result.output
    for example in sorted((ROOT / "examples").glob("*/pipeline.yaml")):
        assert shown("--project", str(example.parent)).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--relation", "nothing"], "Table with name nothing does not exist"),
        (["--in", "."], "no users.json"),
    ],
)
def test_the_command_names_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = shown(*arguments)
    assert result.exit_code == 1
    assert said in result.output
