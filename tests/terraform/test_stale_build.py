"""A plan is made from a whole and current build, or ends with a sentence that says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lakegate.packing import manifest
from tests.terraform import sts
from tests.terraform.conftest import KEY, Workspace

pytestmark = pytest.mark.terraform


@pytest.fixture
def build(workspace: Workspace, tmp_path: Path) -> Path:
    """A build of one source, beside it."""
    folder = tmp_path / "build"
    shutil.copytree(workspace.root / "build", folder)
    (folder / "manifest.json").unlink()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "one.py").write_text("A = 1\n")
    sources = [manifest.Sources.code(tmp_path / "src", {".py"})]
    manifest.write(folder, list(folder.iterdir()), sources)
    return folder


def sentence(workspace: Workspace, build: Path) -> str:
    """What a plan ends with, on one line and without its frame."""
    with sts.serving() as url:
        aws = {
            "AWS_ENDPOINT_URL_STS": url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "eu-west-1",
        }
        words = ("-input=false", "-no-color", f"-var=kms_key_arn={KEY}", f"-var=build_dir={build}")
        done = workspace.run(workspace.terraform, "plan", *words, aws=aws)
    assert done.returncode == 1
    assert done.stderr.count("Error:") == 1, done.stderr
    return " ".join(done.stderr.replace("│", " ").split())


def test_a_changed_source_is_said(workspace: Workspace, build: Path) -> None:
    (build.parent / "src" / "one.py").write_text("A = 2\n")
    told = sentence(workspace, build)
    assert "is stale: run `make build` again" in told
    assert "../src/**/*.{py}" in told


def test_a_source_that_is_new_is_said(workspace: Workspace, build: Path) -> None:
    (build.parent / "src" / "two.py").write_text("B = 1\n")
    assert "is stale: run `make build` again" in sentence(workspace, build)


def test_an_artifact_of_another_build_is_said(workspace: Workspace, build: Path) -> None:
    (build / "lambda.zip").write_bytes(b"of yesterday")
    told = sentence(workspace, build)
    assert "is not whole: run `make build` again" in told
    assert "lambda.zip" in told


def test_no_build_is_said(workspace: Workspace, tmp_path: Path) -> None:
    assert "run `make build` (with PROJECT=<folder>" in sentence(workspace, tmp_path)
