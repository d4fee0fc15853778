"""Terraform's own checks: format, validity, order, and the claims in each module's tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.terraform.conftest import PROJECT, Workspace

pytestmark = pytest.mark.terraform

TERRAFORM = PROJECT / "terraform"
EXAMPLES = PROJECT / "examples" / "terraform"
FOLDERS = [TERRAFORM, *sorted((TERRAFORM / "modules").iterdir())]
BLOCK = re.compile(r'^(variable|output) "([a-z0-9_]+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)


def test_files_are_formatted(workspace: Workspace) -> None:
    for folder in (TERRAFORM, EXAMPLES):
        done = workspace.run(folder, "fmt", "-check", "-recursive", "-no-color")
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_root_is_valid(workspace: Workspace) -> None:
    done = workspace.run(workspace.terraform, "validate", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "folder", [*FOLDERS, *sorted(EXAMPLES.iterdir())], ids=lambda folder: folder.name
)
def test_every_claim_holds(workspace: Workspace, folder: Path) -> None:
    copy = workspace.root / folder.relative_to(PROJECT)
    if copy != workspace.terraform:
        workspace.init(copy)
    done = workspace.run(copy, "test", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^Success! [1-9]\d* passed, 0 failed", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_variables_and_outputs_are_sorted_typed_and_described(folder: Path) -> None:
    for kind in ("variable", "output"):
        blocks = BLOCK.findall((folder / f"{kind}s.tf").read_text())
        names = [name for found, name, _ in blocks if found == kind]
        assert names == sorted(names)
        assert len(names) == len(blocks), f"{kind}s.tf holds something else"
        for _, name, body in blocks:
            assert re.search(r'^  description = "[A-Z].*[.]"$', body, re.MULTILINE), name
            assert kind == "output" or re.search(r"^  type +=", body, re.MULTILINE), name
            assert "any" not in re.findall(r"\b(?:any)\b(?=[,)\s]*$)", body, re.MULTILINE), name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_validation_has_a_run_that_fails_on_it(folder: Path) -> None:
    tests = "\n".join(path.read_text() for path in (folder / "tests").glob("*.tftest.hcl"))
    for _, name, body in BLOCK.findall((folder / "variables.tf").read_text()):
        count = len(re.findall(r"^  validation \{", body, re.MULTILINE))
        refused = len(re.findall(rf"expect_failures = \[var\.{name}\b", tests))
        assert refused >= count, f"{name}: {count} validations, {refused} runs"


def test_no_queue_waits_for_the_key(workspace: Workspace) -> None:
    """Each takes half a minute to be made: they are made at the same time."""
    shown = workspace.run(workspace.terraform, "graph")
    assert shown.returncode == 0, shown.stderr
    needs: dict[str, set[str]] = {}
    for resource, needed in re.findall(r'"([^"]+)" -> "([^"]+)"', shown.stdout):
        needs.setdefault(resource, set()).add(needed)

    def waits_for_key(resource: str) -> bool:
        wanted, seen = [resource], set[str]()
        while wanted:
            seen.add(one := wanted.pop())
            wanted += needs.get(one, set()) - seen
        return any("aws_kms_key.this" in one for one in seen)

    queues = [name for name in needs if name.endswith("aws_sqs_queue.dead_letters")]
    functions = [name for name in needs if name.endswith("aws_lambda_function.this")]
    assert len(queues) == len(functions) == 3
    assert [name for name in queues if waits_for_key(name)] == []
    assert all(waits_for_key(name) for name in functions)


def test_the_root_only_calls_modules() -> None:
    kinds = re.findall(r"^(\w+) ", (TERRAFORM / "main.tf").read_text(), re.MULTILINE)
    assert set(kinds) == {"module"}


def test_the_root_can_be_called_as_a_module() -> None:
    """No provider of its own, no path of whoever calls it; the examples call it."""
    text = "".join(path.read_text() for path in TERRAFORM.glob("*.tf"))
    assert not re.search(r'^provider "', text, re.MULTILINE)
    assert "path.root" not in text
    for folder in EXAMPLES.iterdir():
        assert 'source = "../../../terraform"' in (folder / "main.tf").read_text().replace(
            "    ", " "
        )


def test_only_the_aws_provider_is_used() -> None:
    for folder in FOLDERS:
        text = (folder / "versions.tf").read_text()
        assert re.findall(r'source  = "(.*)"', text) == ["hashicorp/aws"]
        assert 'version = ">= 5.100, < 7.0"' in text


def test_no_file_is_long_and_no_command_is_run() -> None:
    for path in TERRAFORM.rglob("*.tf"):
        text = path.read_text()
        assert "local-exec" not in text
        if path.name != "variables.tf" and path != TERRAFORM / "main.tf":
            assert len(text.splitlines()) <= 200, path
