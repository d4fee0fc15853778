"""Who operates needs the permissions that docs/security.md names, and all of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from local.backends.ports import free_port
from local.places import ROOT
from local.up.program import environment
from scripts.documents.roles import PAGE
from tests.iam.stand import FEW, NOTHING_TO_DO, Stand, files

pytestmark = [pytest.mark.stack, pytest.mark.thorough]

# What the commands of this test had no need for.
ONLY_SOMETIMES = {
    "glue:CreatePartition": "a partition that somebody has dropped",
    "glue:DeletePartition": "a table that the earlier publication lacks",
    "glue:GetJob": "logs and report of a run of Spark",
    "glue:GetJobRun": "following a run of Spark",
    "sqs:DeleteMessage": "a dead letter was there",
}
BATCH, HALF = "operated", "half"
PARAGRAPH = re.compile(r"^`lakegate` runs as the person.*?\n\n", re.MULTILINE | re.DOTALL)
ACTION = re.compile(r"`([a-z0-9]+:[A-Z]\w+)`")


def permissions() -> list[str]:
    """What the page names."""
    found = PARAGRAPH.search(PAGE.read_text() + "\n\n")
    assert found is not None
    return ACTION.findall(found[0])


def person(stand: Stand, actions: list[str]) -> dict[str, str]:
    """The environment of somebody who may do just that."""
    stand.iam.create_user(UserName="operator")
    allowed = {"Sid": "All", "Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    stand.iam.put_user_policy(UserName="operator", PolicyName="all", PolicyDocument=document)
    key: Any = stand.iam.create_access_key(UserName="operator")["AccessKey"]
    return {
        **environment(stand.stack.endpoint, stand.outputs),
        "PATH": os.environ["PATH"],
        "HOME": "/",
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "lakegate.cli.main", *words]


def looked_at(given: dict[str, str]) -> list[str]:
    """What a browser gets of the live page: the lake, a batch, the report of its run."""
    port = str(free_port())
    process = subprocess.Popen(command("page", "--port", port), cwd=ROOT, env=given)
    try:
        return [
            get(f"http://127.0.0.1:{port}{path}")
            for path in ("/api/lake", f"/api/batches/{BATCH}", f"/batches/{BATCH}/report")
        ]
    finally:
        process.terminate()
        process.wait(30)


def get(url: str) -> str:
    """The answer of a server that may have to begin first."""
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(url) as answer:
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.5)


@pytest.mark.timeout(1800)
def test_the_page_names_what_a_person_needs(stand: Stand, tmp_path: Path) -> None:
    actions = permissions()
    given = person(stand, actions)
    for name, content in files(FEW).items():
        (tmp_path / name).write_bytes(content)
    users, events, orders = (
        str(tmp_path / f"{name}.json") for name in ("users", "events", "orders")
    )
    again = tmp_path / "users-0001.json"
    again.write_bytes((tmp_path / "users.json").read_bytes())
    with stand.script(NOTHING_TO_DO):
        for words in (
            ("upload", users, events, orders, "--batch", BATCH, "--wait"),
            ("upload", str(again), "--batch", BATCH, "--wait"),
            ("rollback", BATCH),
            ("replay", BATCH, "--engine", "duckdb", "--wait"),
            ("upload", users, events, "--batch", HALF),
            ("force", HALF, "--without", "orders", "--reason", "closed", "--wait"),
            ("redrive",),
            ("rebuild", "--every", "1"),
            *((name,) for name in ("status", "rejected")),
            *((name, BATCH) for name in ("explain", "gold", "logs", "report", "watch")),
        ):
            done = subprocess.run(
                command(*words),
                cwd=tmp_path,
                env=given,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, (words, done.stdout + done.stderr)
        assert all(BATCH in text for text in looked_at(given))
    lines = set(stand.journal.read_text().splitlines())
    calls = [call for call in map(json.loads, lines) if call["principal"].endswith("/operator")]
    assert sorted({call["action"] for call in calls if call["decision"] != "Allow"}) == []
    assert set(actions) - {call["action"] for call in calls} <= set(ONLY_SOMETIMES)
