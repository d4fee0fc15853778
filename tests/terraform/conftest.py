"""A copy of the Terraform tree with stand-in artifacts, so that nothing is written beside the code."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.terraform import cli_configuration, find_mirror, program

PROJECT = Path(__file__).parents[2]
ARTIFACTS = ("lambda.zip", "glue_jobs.zip", "user_activity.py")


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

    def run(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        return subprocess.run(
            [program(), f"-chdir={folder}", *words],
            env={**kept, "TF_CLI_CONFIG_FILE": str(self.root / "cli.tfrc"), "TF_IN_AUTOMATION": "1"},
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


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The tree, initialised at its root."""
    root = tmp_path_factory.mktemp("workspace")
    hidden = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfplan")
    shutil.copytree(PROJECT / "terraform", root / "terraform", ignore=hidden)
    shutil.copytree(PROJECT / "config", root / "config")
    (root / "build").mkdir()
    for name in ARTIFACTS:
        (root / "build" / name).write_bytes(name.encode())
    (root / "cli.tfrc").write_text(cli_configuration(find_mirror(os.environ)))
    made = Workspace(root)
    made.init(made.terraform)
    return made
