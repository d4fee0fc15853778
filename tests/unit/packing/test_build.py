"""The artifacts: same bytes every time, nothing but code in them, importable without extras."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

from lakegate.contract import Column, from_json
from lakegate.contract.project import Project
from lakegate.packing import wheel
from lakegate.packing.build import build
from lakegate.packing.errors import BuildError
from lakegate.transform import plan
from lakegate.transform.sql import SqlError, resolved
from tests.unit.contract.flights import YAML, write

ROOT = Path(__file__).parents[3]
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
    "glue_jobs/job.py": "print('job')\n",
    "duckdb_engine/handler.py": "",
}


@pytest.fixture(autouse=True)
def small_wheel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for DuckDB's wheel, of which every zip would have 68 MB."""
    if "real_wheel" not in request.keywords:
        monkeypatch.setattr(wheel, "unpacked", lambda _: {"duckdb/__init__.py": b""})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with one file in each package."""
    root = tmp_path / "project"
    for name, text in CODE.items():
        path = root / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / ".git").touch()  # one checkout, as the real one
    shutil.copytree(ROOT / "config", root / "config")
    shutil.copytree(ROOT / "src/glue_jobs/sql", root / "src/glue_jobs/sql")
    return root


def built(root: Path, out: Path) -> tuple[Path, ...]:
    """The artifacts of the project and the code below `root`."""
    return build(Project.open(root / "config"), out, root / "src")


def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return opened.namelist()


def test_the_same_sources_give_the_same_bytes(project: Path, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in built(project, tmp_path / "one")]
    for path in (project / "src").rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o755)
    (project / "src/lakegate/contract/__pycache__").mkdir()
    (project / "src/lakegate/contract/__pycache__/x.cpython-311.pyc").write_bytes(b"compiled")
    (project / "src/lakegate/contract/.__init__.py.swp").write_bytes(b"editor")
    second = [path.read_bytes() for path in built(project, tmp_path / "two")]
    assert first == second


def test_a_changed_source_changes_only_the_artifacts_that_hold_it(
    project: Path, tmp_path: Path
) -> None:
    before = [path.read_bytes() for path in built(project, tmp_path / "one")]
    (project / "src/reconciler/handler.py").write_text("B = 2\n")
    after = [path.read_bytes() for path in built(project, tmp_path / "two")]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True, True]


def test_each_zip_holds_its_packages_and_the_contract(project: Path, tmp_path: Path) -> None:
    functions, job, script, engine = built(project, tmp_path)
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
        "glue_jobs/job.py",
        "lakegate/__init__.py",
        "lakegate/aws/__init__.py",
        "lakegate/contract/__init__.py",
        "lakegate/files/__init__.py",
        "lakegate/ledger/__init__.py",
        "lakegate/transform/__init__.py",
        "pipeline.json",
        "plan.spark.json",
    ]
    assert script.read_text() == "print('job')\n"
    others = [name for name in names(job) if name.startswith(("lakegate", "pipeline"))]
    assert names(engine) == sorted(
        [*others, "duckdb/__init__.py", "duckdb_engine/handler.py", "plan.duckdb.json"]
    )
    with zipfile.ZipFile(job) as archive:
        written = from_json(archive.read("pipeline.json"))
        planned = plan.from_json(archive.read("plan.spark.json"))
    assert [*planned.checks] == [*written.gold_tables]
    assert written == Project.open(project / "config").contract


def test_entries_carry_no_trace_of_the_machine(project: Path, tmp_path: Path) -> None:
    functions, *_ = built(project, tmp_path)
    with zipfile.ZipFile(functions) as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.external_attr >> 16 == 0o100644
            assert (info.create_system, info.compress_type) == (3, zipfile.ZIP_STORED)


@pytest.mark.parametrize("missing", ["reconciler/handler.py", "glue_jobs/job.py"])
def test_a_missing_package_is_named(project: Path, tmp_path: Path, missing: str) -> None:
    (project / "src" / missing).unlink()
    with pytest.raises(BuildError, match=missing.partition("/")[0]):
        built(project, tmp_path)


def test_the_functions_import_without_yaml_and_pydantic(tmp_path: Path) -> None:
    functions, *_ = built(ROOT, tmp_path)
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


def test_nothing_that_only_builds_need_is_in_a_zip(tmp_path: Path) -> None:
    for archive in built(ROOT, tmp_path)[:2]:
        assert not [name for name in names(archive) if name.startswith("lakegate/contract/source")]


def test_the_manifest_tells_each_artifact_and_what_it_was_made_of(
    project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    artifacts = built(project, out)
    told = json.loads((out / "manifest.json").read_bytes())
    assert told["artifacts"] == {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in (*(path.name for path in artifacts), "pipeline.json")
    }
    patterns = {(item["folder"], item["pattern"]) for item in told["sources"]}
    assert ("../project/config", "pipeline.yaml") in patterns
    assert ("../project/src/glue_jobs/sql", "**/*.{sql}") in patterns
    assert ("../project/src/reconciler", "**/*.{py,sql}") in patterns


@pytest.mark.parametrize(
    "changed", ["src/glue_jobs/sql/marts/user_activity.sql", "config/pipeline.yaml"]
)
def test_a_changed_source_has_another_hash(project: Path, tmp_path: Path, changed: str) -> None:
    def hashes() -> list[str]:
        built(project, tmp_path / "out")
        told = json.loads((tmp_path / "out/manifest.json").read_bytes())
        return [item["sha256"] for item in told["sources"]]

    before = hashes()
    with (project / changed).open("a") as file:
        file.write("\n")
    assert hashes() != before


def test_columns_that_are_not_declared_are_found_in_the_sql(tmp_path: Path) -> None:
    contract = resolved(Project.open(write(tmp_path)).contract)
    assert contract.gold_tables["punctuality"].columns == (
        Column("carrier", "string", required=True),
        Column("flight_count", "bigint"),
    )


def test_columns_are_found_through_tables_that_read_tables(tmp_path: Path) -> None:
    yaml = f"{YAML}  best:\n    grain: top\n"
    best = "select max(flight_count) as top from punctuality\n"
    contract = resolved(Project.open(write(tmp_path, yaml, marts_best=best)).contract)
    assert contract.gold_tables["best"].columns == (Column("top", "bigint", required=True),)


def test_sql_that_cannot_be_typed_is_named(tmp_path: Path) -> None:
    project = Project.open(write(tmp_path, marts_punctuality="select nothing from stg_flights"))
    with pytest.raises(SqlError, match=r"^sql/marts/punctuality\.sql: .*no column nothing"):
        resolved(project.contract)


def test_a_grain_that_the_sql_does_not_give_is_named(tmp_path: Path) -> None:
    project = Project.open(write(tmp_path, YAML.replace("grain: carrier", "grain: carier")))
    said = "sql/marts/punctuality.sql: gives no column carier, which the grain names"
    with pytest.raises(SqlError, match=said):
        resolved(project.contract)


def test_an_expression_of_the_contract_is_named_with_its_line(tmp_path: Path) -> None:
    yaml = f"{YAML}    row_checks:\n      some_flew: flights > 0\n"
    project = Project.open(write(tmp_path, yaml))
    said = r"pipeline\.yaml:%d: gold_tables\.punctuality\.row_checks\.some_flew: there is no column"
    with pytest.raises(BuildError, match=said % (yaml.count("\n"))):
        build(project, tmp_path / "build", ROOT / "src")


def test_the_job_imports_without_what_renders_its_sql(tmp_path: Path) -> None:
    _, job, *_ = built(ROOT, tmp_path)
    code = (
        "import sys\n"
        f"sys.path.insert(0, {str(job)!r})\n"
        "for name in ('yaml', 'pydantic', 'jinja2', 'sqlglot'): sys.modules[name] = None\n"
        "from glue_jobs import job\n"
        "from lakegate.transform import artifacts\n"
        "found = artifacts.project('spark')\n"
        "assert list(found.contract.gold_tables) == list(found.plan.checks)\n"
        "assert len(artifacts.code_version()) == 12\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)  # noqa: PLW1510
    assert done.returncode == 0, done.stderr


@pytest.mark.real_wheel
def test_the_function_with_duckdb_imports_without_anything_else(tmp_path: Path) -> None:
    *_, archive = build(Project.open(ROOT / "config"), tmp_path, ROOT / "src", platform="here")
    folder = tmp_path / "function"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    others = "('yaml', 'pydantic', 'jinja2', 'sqlglot', 'numpy', 'pyarrow', 'pandas', 'pytz')"
    code = (
        "import sys\n"
        f"sys.path.insert(0, {str(folder)!r})\n"
        f"for name in {others}: sys.modules[name] = None\n"
        "import duckdb, duckdb_engine.handler as one\n"
        f"assert {str(folder)!r} in one.__file__ and {str(folder)!r} in duckdb.__file__\n"
        "assert duckdb.connect().execute('select 1').fetchall() == [(1,)]\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)  # noqa: PLW1510
    assert done.returncode == 0, done.stderr


@pytest.mark.real_wheel
def test_the_wheel_is_the_pinned_one_for_lambda_and_fits() -> None:
    found = wheel.unpacked("lambda")
    assert any(name.endswith(".abi3.so") for name in found)
    assert f"duckdb-{duckdb.__version__}.dist-info/licenses/LICENSE" in found
    assert sum(map(len, found.values())) < 100 * 2**20  # 250 MB are allowed


def test_an_engine_may_be_chosen_for_a_build(tmp_path: Path) -> None:
    project, out = Project.open(write(tmp_path)), tmp_path / "out"
    build(project, out, ROOT / "src", "duckdb", platform="here")
    assert from_json((out / "pipeline.json").read_bytes()).engine == "duckdb"
    with pytest.raises(BuildError, match="ENGINE=dukdb is not known; choose one of spark, duckdb"):
        build(project, out, ROOT / "src", "dukdb", platform="here")
