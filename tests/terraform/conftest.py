"""A copy of the Terraform tree with stand-in artifacts: nothing is written beside the code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lakegate.contract import to_json
from lakegate.contract.project import Project
from lakegate.packing import manifest
from lakegate.transform.sql import resolved
from local.tools.terraform import cli_configuration, find_mirror, program
from tests.terraform import sts

PROJECT = Path(__file__).parents[2]
KEY = f"arn:aws:kms:eu-west-1:{sts.ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
ARTIFACTS = ("lambda.zip", "glue_jobs.zip", "job.py", "duckdb.zip")


@dataclass(frozen=True)
class Workspace:
    """Runs terraform in folders of the copy; every module shares the root's provider."""

    root: Path

    @property
    def terraform(self) -> Path:
        return self.root / "terraform"

    @property
    def modules(self) -> list[Path]:
        return sorted(path for path in (self.terraform / "modules").iterdir() if path.is_dir())

    def run(
        self, folder: Path, *words: str, aws: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        own = {"TF_CLI_CONFIG_FILE": str(self.root / "cli.tfrc"), "TF_IN_AUTOMATION": "1"}
        return subprocess.run(
            [program(), f"-chdir={folder}", *words],
            env={**kept, **own, **(aws or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def init(self, folder: Path) -> None:
        """Makes a folder ready; a module takes the provider that the root has fetched."""
        words = ["init", "-input=false", "-no-color"]
        if folder != self.terraform:
            words.append(f"-plugin-dir={self.terraform / '.terraform' / 'providers'}")
        else:
            words.append("-lockfile=readonly")
        done = self.run(folder, *words)
        assert done.returncode == 0, done.stdout + done.stderr


def stand_in_build(folder: Path) -> None:
    """What `make build` writes for the repository's own contract, but for the code in it."""
    folder.mkdir()
    for name in ARTIFACTS:
        (folder / name).write_bytes(name.encode())
    (folder / "pipeline.json").write_bytes(
        to_json(resolved(Project.open(PROJECT / "config").contract))
    )
    sources = [manifest.Sources.code(PROJECT / "src", {".py", ".sql"})]
    manifest.write(folder, list(folder.iterdir()), sources)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The tree, initialised at its root."""
    root = tmp_path_factory.mktemp("workspace")
    hidden = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfplan")
    for tree in ("terraform", "examples/terraform"):
        shutil.copytree(PROJECT / tree, root / tree, ignore=hidden)
    stand_in_build(root / "build")
    (root / "cli.tfrc").write_text(cli_configuration(find_mirror(os.environ)))
    made = Workspace(root)
    made.init(made.terraform)
    return made


@dataclass(frozen=True)
class Plan:
    """What an account without anything in it would get: resources by address, and their JSON."""

    document: dict[str, Any]

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        return {
            item["address"]: item["change"]["after"]
            for item in self.document["resource_changes"]
            if item["mode"] == "managed"
        }

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resources of one type."""
        return {
            address: values
            for address, values in self.resources.items()
            if address.rpartition(".")[0].endswith(kind)
        }

    def policies(self) -> dict[str, dict[str, Any]]:
        """Every policy document by the address and argument that carries it."""
        found = {}
        for address, values in self.resources.items():
            for argument in ("policy", "assume_role_policy"):
                if isinstance(values.get(argument), str):
                    found[f"{address}.{argument}"] = json.loads(values[argument])
        return found


@pytest.fixture(scope="session")
def plan(workspace: Workspace) -> Plan:
    """A plan with an existing key, so that every policy is known in full."""
    out = workspace.root / "all.tfplan"
    with sts.serving() as url:
        aws = {
            "AWS_ENDPOINT_URL_STS": url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "eu-west-1",
        }
        words = ["-input=false", "-no-color", f"-out={out}", "-var=environment=test"]
        words.append(f"-var=kms_key_arn={KEY}")
        done = workspace.run(workspace.terraform, "plan", *words, aws=aws)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = workspace.run(workspace.terraform, "show", "-json", str(out))
    assert shown.returncode == 0, shown.stderr
    return Plan(json.loads(shown.stdout))
