"""The live page: read-only, loopback names only, and true to the lake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lakegate.cli.reads import snapshot
from lakegate.cli.terminal import plain, tables
from lakegate.files.reasons import Code
from tests.fakes.cloud import Call, Fault
from tests.unit.cli import finished
from tests.unit.cli.scene import Scene
from tests.unit.cli.web.served import Served, served

B = "2026-11-22"


@pytest.fixture
def site(scene: Scene) -> Iterator[Served]:
    with served(scene.lake) as site:
        yield site


def test_an_empty_lake_is_shown(site: Served) -> None:
    lake = site.ask("/api/lake").json()
    assert [zone["name"] for zone in lake["zones"]] == ["bronze", "silver", "quarantine", "gold"]
    assert (lake["batches"], lake["runs"], lake["gold"]) == ([], [], None)


def test_zones_batches_runs_and_gold(scene: Scene) -> None:
    run_id = finished.finish(scene, B)
    scene.cloud.s3.put("bronze-bucket", f"{B}/users.json", b"x" * 70)
    found = snapshot.take(scene.lake)
    zones = {zone.name: zone for zone in found.zones}
    assert (zones["bronze"].count, zones["bronze"].size) == (1, 70)
    assert (zones["quarantine"].count, zones["gold"].count) == (1, 3)
    assert [(item.batch, item.state) for item in found.batches] == [(B, "published")]
    assert [(ran.run.run_id, ran.batch, ran.attempt) for ran in found.runs] == [(run_id, B, "1")]
    assert found.gold is not None
    assert (found.gold.total, found.gold.rows[0]["user_id"]) == (499, 1)


def test_a_table_of_every_type_is_shown() -> None:
    row = {
        "at": datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
        "day": date(2026, 3, 1),
        "sum": Decimal("1.50"),
        "mean": 0.25,
        "tiny": 0.00002,
        "is_open": True,
        "none": None,
    }
    assert json.loads(plain.text(row)) == row | {
        "at": "2026-03-01T08:30:00.000000Z",
        "day": "2026-03-01",
        "sum": "1.50",
    }
    shown = ["2026-03-01 08:30:00", "2026-03-01", "1.50", "0.25", "2e-05", "true", "-"]
    assert [tables.cell(value) for value in row.values()] == shown


def test_counting_stops_in_a_large_bucket(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LISTED", 3)
    for number in range(4):
        scene.cloud.s3.put("bronze-bucket", f"b/{number}", b"x")
    zone = snapshot.zone(scene.lake, "bronze")
    assert (zone.count, zone.more) == (3, True)


def test_a_batch_comes_with_its_story(scene: Scene, site: Served) -> None:
    scene.refuse(B, "users", Code.EMPTY)
    told = site.ask(f"/api/batches/{B}").json()
    assert told["story"]["status"]["state"] == "rejected"
    assert told["story"]["steps"][0]["fix"] == Code.EMPTY.fix
    assert told["report"] is False


def test_the_report_of_a_batch_is_one_click_away(scene: Scene, site: Served) -> None:
    finished.finish(scene, B)
    assert site.ask(f"/api/batches/{B}").json()["report"] is True
    answer = site.ask(f"/batches/{B}/report")
    assert answer.status == 200
    assert "published: readers see this run" in answer.text


def test_what_is_not_there_is_said(site: Served) -> None:
    answer = site.ask("/api/batches/nope")
    assert (answer.status, answer.text) == (
        404,
        "No batch 'nope': nothing of it was ever uploaded.",
    )


def test_a_lake_that_is_down_is_said(scene: Scene, site: Served) -> None:
    def down(call: Call) -> Fault:
        return "before"

    scene.cloud.hook = down
    answer = site.ask("/api/lake")
    assert answer.status == 503
    assert answer.text.startswith("The lake does not answer: ")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/api/lake", f"/api/batches/{B}", f"/batches/{B}/report"])
def test_nothing_can_be_changed(site: Served, method: str, path: str) -> None:
    assert site.ask(path, method).status == 405


def test_looking_changes_nothing(scene: Scene, site: Served) -> None:
    finished.finish(scene, B)
    scene.cloud.calls.clear()
    for path in ("/", "/page.js", "/api/lake", f"/api/batches/{B}", f"/batches/{B}/report"):
        assert site.ask(path).status == 200
    assert {name for name in scene.cloud.operations() if not name.startswith(("Get", "List"))} <= {
        "FilterLogEvents"
    }


def test_other_names_for_this_machine_are_refused(site: Served) -> None:
    port = site.url.rpartition(":")[2]
    assert site.ask("/", host=f"evil.example:{port}").status == 403
    assert site.ask("/", host="localhost:1").status == 403
    assert site.ask("/", host=f"localhost:{port}").status == 200


@pytest.mark.parametrize(
    "header", [{"Origin": "http://127.0.0.1:8501"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_what_another_site_sends_is_refused(site: Served, header: dict[str, str]) -> None:
    assert site.ask("/api/lake", headers=header).status == 403
    assert site.ask("/api/lake", headers={"Sec-Fetch-Site": "same-origin"}).status == 200
    assert site.ask("/api/lake", "OPTIONS").status == 403


def test_the_page_may_load_nothing_from_elsewhere(site: Served) -> None:
    policy = site.ask("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy and "*" not in policy


def test_open_pages_share_one_look(scene: Scene, site: Served) -> None:
    site.ask("/api/lake")
    scene.cloud.calls.clear()
    site.ask("/api/lake")
    assert scene.cloud.operations() == []
