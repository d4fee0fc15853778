"""Packs what AWS runs: the Lambda zip, the Glue zip and the Glue script, the same bytes every time.

Entries are stored, not deflated: zlib's output differs between its versions, stored bytes do not.
Beside them lies the resolved contract, which Terraform reads.
"""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from lakegate.contract import load, to_json

ROOMS = ("lakegate/contract", "lakegate/aws", "lakegate/ledger")
LAMBDA_PACKAGES = (
    *ROOMS,
    "lakegate/files",
    "lakegate/reconcile",
    "lambda_validator",
    "reconciler",
)
GLUE_PACKAGES = (*ROOMS, "lakegate/transform", "glue_jobs")
GLUE_SCRIPT = Path("glue_jobs/user_activity.py")
SUFFIXES = frozenset({".py", ".sql"})
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
MODE = 0o100644 << 16
ROOT = Path(__file__).resolve().parent.parent


class BuildError(Exception):
    """Something that belongs into an artifact is not there."""


def build(root: Path, out: Path) -> tuple[Path, ...]:
    """Writes every artifact of the project at `root` into `out` and returns their paths."""
    source = root / "src"
    script = source / GLUE_SCRIPT
    if not script.is_file():
        raise BuildError(f"{script}: the Glue script is missing")
    contract = {"pipeline.json": to_json(load(root / "config" / "pipeline.yaml"))}
    out.mkdir(parents=True, exist_ok=True)
    (out / "pipeline.json").write_bytes(contract["pipeline.json"])
    artifacts = (out / "lambda.zip", out / "glue_jobs.zip", out / GLUE_SCRIPT.name)
    pack(artifacts[0], entries(source, LAMBDA_PACKAGES) | contract)
    pack(artifacts[1], entries(source, GLUE_PACKAGES) | contract)
    shutil.copyfile(script, artifacts[2])
    return artifacts


def entries(source: Path, packages: tuple[str, ...]) -> dict[str, bytes]:
    """Archive name to content of every code file of the packages. Raises BuildError without any."""
    found: dict[str, bytes] = {}
    for top in {package.partition("/")[0] for package in packages if "/" in package}:
        found[f"{top}/__init__.py"] = (source / top / "__init__.py").read_bytes()
    for package in packages:
        files = [path for path in (source / package).rglob("*") if path.suffix in SUFFIXES]
        if not files:
            raise BuildError(f"{source / package}: the package is missing or empty")
        found |= {path.relative_to(source).as_posix(): path.read_bytes() for path in files}
    return found


def pack(target: Path, content: Mapping[str, bytes]) -> None:
    """A zip that depends on names and bytes alone, put in place in one step."""
    partial = target.with_name(f".{target.name}.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(content):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 3  # Unix, on every machine
            info.external_attr = MODE
            archive.writestr(info, content[name])
    partial.replace(target)


def main(
    out: Annotated[Path, typer.Option(help="Folder for the artifacts.")] = ROOT / "build",
) -> None:
    """Build the Lambda zip, the Glue zip and the Glue script."""
    try:
        artifacts = build(ROOT, out)
    except BuildError as error:
        typer.echo(f"build: {error}", err=True)
        sys.exit(1)
    for artifact in artifacts:
        typer.echo(f"{artifact} ({artifact.stat().st_size:,} bytes)")


if __name__ == "__main__":
    typer.run(main)
