"""`make up ENGINE=duckdb` asks for no Java, and Spark is brought along once it is wanted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.backends.stack import Stack
from local.glue.runs.process import with_spark
from local.glue.runs.spark import SparkSettings
from local.places import Places
from local.tools import jars, toolchain
from local.tools.toolchain import Toolchain

PYTHON = Path("python")


def refuse(*_: object) -> str:
    raise AssertionError("Java or its jars were looked for")


def test_without_spark_neither_java_nor_jars_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "venvs" / "emulator" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(toolchain, "SHARED", tmp_path)
    monkeypatch.setattr(toolchain, "java_home", refuse)
    monkeypatch.setattr(jars, "fetch", refuse)
    found = toolchain.find({"S3A_PACKAGES": "a:b:1"}, spark=False)
    assert (found.java_home, found.jars, found.packages) == ("", (), "")
    assert not [said for said in toolchain.brought_along(spark=False) if "Java" in said]


@pytest.mark.parametrize(
    ("running", "wanted", "stays"),
    [
        ((), (), True),
        (("a.jar",), (), True),
        (("a.jar",), ("a.jar",), True),
        ((), ("a.jar",), False),
    ],
)
def test_a_stack_without_spark_does_not_do_where_spark_is_wanted(
    tmp_path: Path, running: tuple[str, ...], wanted: tuple[str, ...], stays: bool
) -> None:
    places = Places(tmp_path)
    places.state.mkdir(parents=True)
    started = {"spark": {"jars": running, "packages": ""}}
    (places.state / "server.json").write_text(json.dumps(started))
    tools = Toolchain(PYTHON, PYTHON, "", tuple(map(Path, wanted)), "")
    assert Stack(places, 1, tools)._can_run_spark() is stays


def test_a_job_that_is_started_all_the_same_fetches_what_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tools = Toolchain(PYTHON, PYTHON, "/java", (Path("a.jar"),), "")
    monkeypatch.setattr(toolchain, "find", lambda environment: tools)
    late = with_spark(SparkSettings("python"))
    assert (late.jars, late.java_home) == ((Path("a.jar"),), "/java")
    monkeypatch.setattr(toolchain, "find", refuse)
    assert with_spark(late) == late
