"""The files of data/valid as parts of one batch: each row once as counted, the rest repeated."""

from __future__ import annotations

import json

import yaml

from local.places import ROOT
from local.up.program import fresh_name
from tests.integration.own.cases import Stand

VALID = ROOT / "data" / "valid"
FILES: tuple[str, ...] = tuple(yaml.safe_load((VALID / "expected.yaml").read_text())["files"])
PLAIN = "lines.json"
OTHERS = {
    "events.json": b'{"event_id":"e1","user_id":1,"event_type":"search",'
    b'"occurred_at":"2026-03-01T00:00:00Z"}\n',
    "orders.json": b'{"order_id":"o1","user_id":9007199254740993,"status":"paid","amount":1.5,'
    b'"ordered_at":"2026-03-01T00:00:00Z"}\n',
}


def upload(stand: Stand, batch: str, files: tuple[str, ...] = FILES) -> None:
    """Puts the files into bronze, each as a part of the users, and the manifest first."""
    parts = {
        f"users-{number:04d}{name[name.index('.') :]}": (VALID / name).read_bytes()
        for number, name in enumerate(files, 1)
    }
    content = {**parts, **OTHERS}
    manifest = json.dumps({"version": 1, "files": list(content)}).encode()
    for name, body in {"_manifest.json": manifest, **content}.items():
        stand.s3.put_object(Bucket=stand.buckets["bronze"], Key=f"{batch}/{name}", Body=body)


def assert_alike(stand: Stand, every: str, plain: str) -> None:
    """The batch of all files has the gold of the plain file alone."""
    for batch, count in ((every, len(FILES)), (plain, 1)):
        expected = {
            "status": "published",
            "datasets": {"users": {"read": 3 * count, "used": 3, "deduplicated": 3 * (count - 1)}},
            "records": 0,
        }
        assert stand.wrong(expected, batch) == []
    for table in ("user_activity", "country_revenue"):
        found, wanted = (sorted(map(str, stand.gold(table, batch))) for batch in (every, plain))
        assert found == wanted
        assert len(found) == 3


def give_the_same_rows(stand: Stand) -> None:
    """Uploads both batches and compares them."""
    every, plain = fresh_name("shapes"), fresh_name("plain")
    upload(stand, every)
    upload(stand, plain, (PLAIN,))
    assert_alike(stand, every, plain)
