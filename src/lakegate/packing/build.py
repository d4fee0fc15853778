"""Writes every artifact of a project into one folder."""

from __future__ import annotations

import dataclasses
import shutil
import typing
from pathlib import Path

from lakegate.contract import Contract, to_json
from lakegate.contract.model import Engine
from lakegate.contract.project import Project
from lakegate.packing import archives, manifest, wheel
from lakegate.packing.errors import BuildError
from lakegate.packing.manifest import Sources
from lakegate.packing.wheel import Platform
from lakegate.transform.artifacts import PLAN
from lakegate.transform.errors import PlanError
from lakegate.transform.render import render
from lakegate.transform.sql import SqlError, resolved

ROOMS = ("lakegate/contract", "lakegate/aws", "lakegate/ledger", "lakegate/files")
LAMBDA_PACKAGES = (*ROOMS, "lakegate/reconcile", "lambda_validator", "reconciler")
GLUE_PACKAGES = (*ROOMS, "lakegate/transform", "glue_jobs")
DUCKDB_PACKAGES = (*ROOMS, "lakegate/transform", "duckdb_engine")
GLUE_SCRIPT = Path("glue_jobs/job.py")
CONTRACT = "pipeline.json"


def build(
    project: Project,
    out: Path,
    source: Path,
    engine: str | None = None,
    *,
    platform: Platform = "lambda",
) -> tuple[Path, ...]:
    """Writes the artifacts of a project, the code being below `source`, and returns their paths.

    `engine` overrides that of the contract, `platform` is where the function with DuckDB runs.

    Beside them lie the resolved contract and a manifest, which are all that Terraform reads.
    Raises BuildError and leaves what was there before when something does not fit.
    """
    script = source / GLUE_SCRIPT
    if not script.is_file():
        raise BuildError(f"{script}: the Glue script is missing")
    try:
        rules = resolved(project.contract)
    except SqlError as error:
        raise BuildError(project.located(str(error))) from error
    if engine:
        rules = dataclasses.replace(rules, engine=_engine(engine))
    contract = to_json(rules)
    beside = {CONTRACT: contract}
    functions = archives.code(source, LAMBDA_PACKAGES) | beside
    job = archives.code(source, GLUE_PACKAGES) | beside | _plan(rules, "spark")
    duckdb = archives.code(source, DUCKDB_PACKAGES) | beside | _plan(rules, "duckdb")
    duckdb |= wheel.unpacked(platform)
    out.mkdir(parents=True, exist_ok=True)
    artifacts = (
        archives.pack(out / "lambda.zip", functions),
        archives.pack(out / "glue_jobs.zip", job),
        Path(shutil.copyfile(script, out / GLUE_SCRIPT.name)),
        archives.pack(out / "duckdb.zip", duckdb),
    )
    (out / CONTRACT).write_bytes(contract)
    packages = dict.fromkeys((*LAMBDA_PACKAGES, *GLUE_PACKAGES, *DUCKDB_PACKAGES))
    sources = [Sources.code(source / package, archives.SUFFIXES) for package in packages]
    sources.append(Sources.file(project.path))
    sources.append(Sources.file(wheel.REQUIREMENTS))
    if project.sql.is_dir():
        sources.append(Sources.code(project.sql, {".sql"}))
    manifest.write(out, (*artifacts, out / CONTRACT), sources)
    return artifacts


def _engine(name: str) -> Engine:
    known = typing.get_args(Engine)
    if name not in known:
        raise BuildError(f"ENGINE={name} is not known; choose one of {', '.join(known)}")
    return typing.cast("Engine", name)


def _plan(rules: Contract, engine: str) -> dict[str, bytes]:
    """What a run of the engine carries out, under its name in an archive."""
    try:
        return {PLAN.format(engine=engine): render(rules, engine).to_json()}
    except (PlanError, SqlError) as error:
        raise BuildError(str(error)) from error
