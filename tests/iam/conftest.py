"""One deployed pipeline under the strict judge, for all tests of a session."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lakegate.contract import load, to_json
from lakegate.contract.project import Project
from lakegate.packing import manifest
from lakegate.packing.build import build
from local.backends.ports import free_port
from local.backends.stack import Stack
from local.places import ROOT, Places
from local.tools import toolchain
from local.tools.terraform import Terraform
from scripts.documents import roles
from tests.iam.stand import SMALL_BYTES, Stand, start


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Everything deployed with local.tfvars; superseded runs are deleted without grace."""
    folder = tmp_path_factory.mktemp("iam")
    roles.PROOF.unlink(missing_ok=True)
    contract = load(ROOT / "config" / "pipeline.yaml")
    contract = replace(contract, gold=replace(contract.gold, grace_hours=0))
    contract = replace(contract, engine="auto", auto_max_bytes=SMALL_BYTES)
    artifacts = folder / "build"
    functions = build(Project.open(ROOT / "config"), artifacts, ROOT / "src", platform="here")[0]
    repack(functions, to_json(contract))
    packed = [path for path in artifacts.iterdir() if path.name != manifest.NAME]
    manifest.write(artifacts, packed, [])
    stack = Stack(
        Places(folder / "stack"), free_port(), toolchain.find(os.environ), retry_seconds=0.2
    )
    stand = Stand(stack, folder / "journal.jsonl", contract)
    process = start(stack, stand.journal)
    try:
        variables = (f"build_dir={artifacts}",)
        terraform = Terraform(
            stack.places.terraform, folder / "terraform.log", stack.endpoint, variables
        )
        terraform.init()
        terraform.apply(lambda _: None)
        stand.outputs = terraform.outputs()
        stop_schedule(stand)
        yield stand
    finally:
        process.terminate()
        process.wait(30)


def repack(archive: Path, contract: bytes) -> None:
    with zipfile.ZipFile(archive) as opened:
        content = {name: opened.read(name) for name in opened.namelist()}
    with zipfile.ZipFile(archive, "w") as opened:
        for name, data in {**content, "pipeline.json": contract}.items():
            opened.writestr(name, data)


def stop_schedule(stand: Stand) -> None:
    """Only calls made here count: the rules would invoke the reconciler in between."""
    events = stand.client("events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])
