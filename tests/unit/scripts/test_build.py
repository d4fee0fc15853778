"""The artifacts: same bytes every time, nothing but code in them, importable without extras."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lakegate.contract import from_json, load
from scripts.build import BuildError, build

PROJECT = Path(__file__).parents[3]
CODE = {
    "lakegate/__init__.py": "",
    "lakegate/aws/__init__.py": "",
    "lakegate/contract/__init__.py": "A = 1\n",
    "lakegate/files/__init__.py": "",
    "lakegate/ledger/__init__.py": "",
    "lakegate/reconcile/__init__.py": "",
    "lakegate/transform/__init__.py": "",
    "lambda_validator/handler.py": "import lakegate.contract\n",
    "reconciler/handler.py": "",
    "glue_jobs/user_activity.py": "print('job')\n",
    "glue_jobs/sql/marts/user_activity.sql": "select * from stg_users, stg_events, stg_orders\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with one file in each package."""
    root = tmp_path / "project"
    for name, text in CODE.items():
        path = root / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "config").mkdir()
    (root / ".git").touch()  # one checkout, as the real one
    (root / "config/pipeline.yaml").write_bytes((PROJECT / "config/pipeline.yaml").read_bytes())
    return root


def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return opened.namelist()


def test_the_same_sources_give_the_same_bytes(project: Path, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in build(project, tmp_path / "one")]
    for path in (project / "src").rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o755)
    (project / "src/lakegate/contract/__pycache__").mkdir()
    (project / "src/lakegate/contract/__pycache__/x.cpython-311.pyc").write_bytes(b"compiled")
    (project / "src/lakegate/contract/.__init__.py.swp").write_bytes(b"editor")
    second = [path.read_bytes() for path in build(project, tmp_path / "two")]
    assert first == second


def test_a_changed_source_changes_only_the_artifacts_that_hold_it(
    project: Path, tmp_path: Path
) -> None:
    before = [path.read_bytes() for path in build(project, tmp_path / "one")]
    (project / "src/reconciler/handler.py").write_text("B = 2\n")
    after = [path.read_bytes() for path in build(project, tmp_path / "two")]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True]


def test_each_zip_holds_its_packages_and_the_contract(project: Path, tmp_path: Path) -> None:
    functions, job, script = build(project, tmp_path)
    assert names(functions) == [
        "lakegate/__init__.py",
        "lakegate/aws/__init__.py",
        "lakegate/contract/__init__.py",
        "lakegate/files/__init__.py",
        "lakegate/ledger/__init__.py",
        "lakegate/reconcile/__init__.py",
        "lambda_validator/handler.py",
        "pipeline.json",
        "reconciler/handler.py",
    ]
    assert names(job) == [
        "glue_jobs/sql/marts/user_activity.sql",
        "glue_jobs/user_activity.py",
        "lakegate/__init__.py",
        "lakegate/aws/__init__.py",
        "lakegate/contract/__init__.py",
        "lakegate/ledger/__init__.py",
        "lakegate/transform/__init__.py",
        "pipeline.json",
    ]
    assert script.read_text() == "print('job')\n"
    with zipfile.ZipFile(functions) as archive:
        written = from_json(archive.read("pipeline.json"))
    assert written == load(project / "config/pipeline.yaml")


def test_entries_carry_no_trace_of_the_machine(project: Path, tmp_path: Path) -> None:
    functions, _, _ = build(project, tmp_path)
    with zipfile.ZipFile(functions) as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.external_attr >> 16 == 0o100644
            assert (info.create_system, info.compress_type) == (3, zipfile.ZIP_STORED)


@pytest.mark.parametrize("missing", ["reconciler/handler.py", "glue_jobs/user_activity.py"])
def test_a_missing_package_is_named(project: Path, tmp_path: Path, missing: str) -> None:
    (project / "src" / missing).unlink()
    with pytest.raises(BuildError, match=missing.partition("/")[0]):
        build(project, tmp_path)


def test_the_functions_import_without_yaml_and_pydantic(tmp_path: Path) -> None:
    functions, _, _ = build(PROJECT, tmp_path)
    code = (
        "import sys\n"
        f"sys.path.insert(0, {str(functions)!r})\n"
        "for name in ('yaml', 'pydantic', 'typer', 'rich'): sys.modules[name] = None\n"
        "import lambda_validator.handler as one, reconciler.handler as two\n"
        f"assert {str(functions)!r} in one.__file__ and {str(functions)!r} in two.__file__\n"
        "assert callable(one.handler) and callable(two.handler)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)  # noqa: PLW1510
    assert done.returncode == 0, done.stderr
