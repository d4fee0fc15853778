"""Writes every artifact of a project into one folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from lakegate.contract import to_json
from lakegate.contract.project import Project
from lakegate.packing import archives, manifest
from lakegate.packing.columns import resolved
from lakegate.packing.errors import BuildError
from lakegate.packing.manifest import Sources

ROOMS = ("lakegate/contract", "lakegate/aws", "lakegate/ledger", "lakegate/files")
LAMBDA_PACKAGES = (*ROOMS, "lakegate/reconcile", "lambda_validator", "reconciler")
GLUE_PACKAGES = (*ROOMS, "lakegate/transform", "glue_jobs")
GLUE_SCRIPT = Path("glue_jobs/user_activity.py")
CONTRACT = "pipeline.json"


def build(project: Project, out: Path, source: Path) -> tuple[Path, ...]:
    """Writes the artifacts of a project, the code being below `source`, and returns their paths.

    Beside them lie the resolved contract and a manifest, which are all that Terraform reads.
    Raises BuildError and leaves what was there before when something does not fit.
    """
    script = source / GLUE_SCRIPT
    if not script.is_file():
        raise BuildError(f"{script}: the Glue script is missing")
    contract = to_json(resolved(project.contract))
    beside = {CONTRACT: contract}
    functions = archives.code(source, LAMBDA_PACKAGES) | beside
    job = archives.code(source, GLUE_PACKAGES) | beside
    out.mkdir(parents=True, exist_ok=True)
    artifacts = (
        archives.pack(out / "lambda.zip", functions),
        archives.pack(out / "glue_jobs.zip", job),
        Path(shutil.copyfile(script, out / GLUE_SCRIPT.name)),
    )
    (out / CONTRACT).write_bytes(contract)
    packages = dict.fromkeys((*LAMBDA_PACKAGES, *GLUE_PACKAGES))
    sources = [Sources.code(source / package, archives.SUFFIXES) for package in packages]
    sources.append(Sources.file(project.path))
    if project.sql.is_dir():
        sources.append(Sources.code(project.sql, {".sql"}))
    manifest.write(out, (*artifacts, out / CONTRACT), sources)
    return artifacts
