"""Where the lake is: from the environment that `make up` writes, or from Terraform's outputs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

from lakegate.cli.errors import NotConfiguredError

CONTRACT = Path("config/pipeline.yaml")
DEPLOYED = "LAKE_CONTRACT"  # the variable with the path of the resolved contract


@dataclass(frozen=True)
class Settings:
    """Terraform's outputs; in the environment they stand in upper case.

    `duckdb_function` is empty where that engine is not deployed.
    """

    bronze_bucket: str
    silver_bucket: str
    gold_bucket: str
    quarantine_bucket: str
    control_bucket: str
    validator_function: str
    reconciler_function: str
    glue_job: str
    glue_database: str
    gold_table: str
    dead_letter_queue_url: str
    duckdb_function: str = ""


NAMES = tuple(field.name for field in fields(Settings))
NEEDED = tuple(field.name for field in fields(Settings) if field.default is MISSING)


def from_environment(environ: Mapping[str, str]) -> Settings:
    """The settings of `.local/env`. Raises NotConfiguredError that says what to run."""
    missing = [name.upper() for name in NEEDED if not environ.get(name.upper())]
    if missing:
        raise NotConfiguredError(
            f"Where is the lake? {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} "
            "not set.\n"
            "  on this machine:  make up, then  . .local/env\n"
            "  on AWS:           lakegate --terraform terraform …"
        )
    return Settings(**{name: environ.get(name.upper(), "") for name in NAMES})


def from_terraform(directory: Path) -> Settings:
    """The settings of an applied root module. Raises NotConfiguredError when it has none."""
    try:
        done = subprocess.run(
            ["terraform", f"-chdir={directory}", "output", "-json", "-no-color"],
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise NotConfiguredError("terraform is not on the path") from error
    except subprocess.CalledProcessError as error:
        raise NotConfiguredError(
            f"{directory}: terraform output failed: {error.stderr.strip()}"
        ) from error
    try:
        outputs = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise NotConfiguredError(f"{directory}: terraform output is not JSON: {error}") from error
    missing = [name for name in NEEDED if "value" not in outputs.get(name, {})]
    if missing:
        raise NotConfiguredError(
            f"{directory}: no output {', '.join(missing)}; has `terraform apply` been run there?"
        )
    return Settings(**{name: outputs.get(name, {}).get("value") or "" for name in NAMES})


def contract_path(start: Path, environ: Mapping[str, str]) -> Path:
    """The contract that the environment names, else `pipeline.yaml` here or above.

    In a folder above it may stand in `config`, too. Raises NotConfiguredError where there is none.
    """
    if named := environ.get(DEPLOYED):
        return Path(named)
    for directory in (start, *start.parents):
        for path in (directory / CONTRACT.name, directory / CONTRACT):
            if path.is_file():
                return path
    beside_source = Path(__file__).parents[3] / CONTRACT
    if beside_source.is_file():
        return beside_source
    raise NotConfiguredError(f"no {CONTRACT.name} here or above; name one with --config")
