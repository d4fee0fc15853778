"""The lake is found from the environment of `.local/env` or said to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakegate.cli import settings
from lakegate.cli.errors import NotConfiguredError

ENVIRONMENT = {name.upper(): f"the-{name}" for name in settings.NAMES}


def test_names_are_terraforms_outputs_in_upper_case() -> None:
    found = settings.from_environment(ENVIRONMENT)
    assert found.bronze_bucket == "the-bronze_bucket"
    assert found.dead_letter_queue_url == "the-dead_letter_queue_url"


def test_what_is_missing_is_named_with_the_way_out() -> None:
    environment = {**ENVIRONMENT, "GOLD_BUCKET": ""}
    del environment["GLUE_JOB"]
    with pytest.raises(NotConfiguredError) as caught:
        settings.from_environment(environment)
    assert "GOLD_BUCKET, GLUE_JOB are not set" in str(caught.value)
    assert ". .local/env" in str(caught.value)
    assert "lakegate --terraform" in str(caught.value)


def test_the_contract_is_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/pipeline.yaml").touch()
    (tmp_path / "some/where").mkdir(parents=True)
    below = tmp_path / "some/where"
    assert settings.contract_path(below, {}) == tmp_path / "config/pipeline.yaml"
    (tmp_path / "pipeline.yaml").touch()
    assert settings.contract_path(below, {}) == tmp_path / "pipeline.yaml"


def test_the_contract_that_is_deployed_comes_first(tmp_path: Path) -> None:
    deployed = {"LAKE_CONTRACT": "/some/build/pipeline.json"}
    (tmp_path / "pipeline.yaml").touch()
    assert settings.contract_path(tmp_path, deployed) == Path("/some/build/pipeline.json")
