"""The examples of docs/add_a_dataset.md, applied to a copy of the project, and lines to try."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "docs" / "examples"
LINES = {
    "users": ['{"user_id":1,"signed_up_at":"2026-01-01T00:00:00Z"}'],
    "events": [
        '{"event_id":"e1","user_id":1,"event_type":"search","occurred_at":"2026-01-02T00:00:00Z"}'
    ],
    "orders": [
        '{"order_id":"o1","user_id":1,"ordered_at":"2026-01-03T00:00:00Z",'
        '"status":"paid","payment_method":"gift_card"}'
    ],
    "reviews": [
        '{"review_id":"r1","user_id":1,"rating":4,"written_at":"2026-01-04T00:00:00Z"}',
        '{"review_id":"r2","user_id":1,"rating":5,"written_at":"2026-01-05T00:00:00Z"}',
        '{"review_id":"r2","user_id":1,"rating":5,"written_at":"2026-01-05T00:00:00Z"}',
        '{"review_id":"r3","user_id":7,"rating":1,"written_at":"2026-01-06T00:00:00Z"}',
    ],
}


def changed(copy: Path, example: str) -> Path:
    """The project's contract and SQL in an empty folder with an example applied."""
    for name in ("config", "src"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / ".git").mkdir(exist_ok=True)  # one checkout, as the real one
    alone = {**os.environ, "GIT_CEILING_DIRECTORIES": str(copy.parent)}
    subprocess.run(["git", "apply", str(EXAMPLES / example)], cwd=copy, check=True, env=alone)
    return copy
