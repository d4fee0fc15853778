"""The wheel: holds the library with its templates, and says what it needs."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from local.tools import installer

ROOT = Path(__file__).parents[3]
# What a package is called where its import is not.
NAMES = {"botocore": "boto3", "yaml": "pyyaml"}
# Of AWS alone: there the engine is part of the job's own environment, and so is numpy: Spark hands
# out no Arrow batches without pandas, and that needs it.
PROVIDED = {"pyspark", "py4j", "numpy"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # From a copy: what setuptools leaves beside the sources would be packed the next time.
    out, source = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    words = ("build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable)
    subprocess.run([installer.uv(), *words, "--out-dir", out, source], check=True)
    return next(out.glob("*.whl"))


def requirements(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        text = archive.read(name).decode()
    return set(re.findall(r"^Requires-Dist: ([a-z0-9-]+)", text, re.MULTILINE))


def imported() -> set[str]:
    """Every third-party package that the library names, wherever the import stands."""
    found: set[str] = set()
    for path in (ROOT / "src" / "lakegate").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.partition(".")[0])
    own = {"lakegate", *sys.stdlib_module_names}
    stubs = {name for name in found if name.startswith("mypy_boto3")}
    return {NAMES.get(name, name) for name in found - own - stubs - PROVIDED}


def test_it_requires_what_the_library_imports_and_nothing_else(wheel: Path) -> None:
    assert requirements(wheel) == imported()


def test_it_holds_the_library_alone_with_its_templates(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert {name.partition("/")[0] for name in names} == {"lakegate"}
    source = ROOT / "src"
    shipped = [path for path in (source / "lakegate").rglob("*") if path.is_file()]
    expected = {
        path.relative_to(source).as_posix() for path in shipped if "__pycache__" not in path.parts
    }
    assert set(names) == expected


def test_the_command_runs_from_it_outside_of_any_checkout(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    words = ("pip", "install", "--quiet", "--no-deps", "--python", sys.executable)
    subprocess.run([installer.uv(), *words, "--target", target, wheel], check=True)
    code = "import sys; from lakegate.cli.main import app; sys.argv[0] = 'lakegate'; app()"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(target), "HOME": str(tmp_path)}
    for word, said in (("--version", "lakegate 0."), ("--help", "explain")):
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, word],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in done.stdout, done.stderr
