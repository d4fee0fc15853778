"""The commands as a shell sees them: output, JSON and exit codes."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lakegate.cli.terminal import render
from lakegate.files.reasons import Code
from lakegate.ledger import publication
from lakegate.ledger.records import Force
from tests.unit.cli import finished
from tests.unit.cli.account import IDENTITY
from tests.unit.cli.conftest import Shell
from tests.unit.cli.scene import Scene

B = "2026-11-22"


def test_status_of_an_empty_lake_says_how_to_begin(shell: Shell) -> None:
    done = shell("status")
    assert (done.code, done.out) == (0, "No batch yet. Upload one: lakegate upload <files>\n")


def test_status_names_what_is_missing(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users")
    assert "missing: events, orders" in shell("status").out
    [status] = json.loads(shell("status", "--json").out)
    assert (status["state"], status["missing"]) == ("overdue", ["events", "orders"])


def test_status_counts_the_rows_of_each_table(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events", "orders")
    tables = {"country_revenue": "c/", "user_activity": "u/"}
    rows = {"country_revenue": 13, "user_activity": 1000}
    publication.publish(scene.lake.store, scene.claim(B), "jr_1", tables, rows, scene.now)
    assert " 1,000 + 13 " in shell("status").out
    [status] = json.loads(shell("status", "--json").out)
    assert (status["rows"], status["table_rows"]) == (1000, rows)


def test_status_says_that_data_were_refused(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events", "orders")
    scene.exhaust(B, "refused")
    [status] = json.loads(shell("status", "--json").out)
    assert (status["state"], status["note"]) == ("failed", "the data were refused")


def test_status_cuts_nothing_on_a_narrow_terminal(
    scene: Scene, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.arrive(B, "users")
    monkeypatch.setattr(render.out, "width", 40)
    told = " ".join(shell("status").out.split())
    assert told.startswith(f"{B} is overdue for ")
    assert told.endswith("(missing: events, orders)")


@pytest.mark.parametrize(
    "words",
    [
        ("status", "--last", "0"),
        ("watch", "--every", "-1"),
        ("redrive", "--most", "0"),
        ("rebuild", "--every", "-1"),
        ("page", "--port", "0"),
        ("page", "--port", "65536"),
    ],
)
def test_a_number_that_makes_no_sense_is_exit_2(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell(*words).code == 2


def test_explain_tells_the_fix(scene: Scene, shell: Shell) -> None:
    scene.refuse(B, "users", Code.UTF32)
    done = shell("explain", B)
    assert "utf32" in done.out
    assert "iconv -f UTF-32 -t UTF-8" in done.out


def test_a_batch_of_one_file_with_a_wrong_name_is_shown(scene: Scene, shell: Shell) -> None:
    scene.cloud.s3.put("bronze-bucket", f"{B}/Users.JSON", b"{}")
    assert json.loads(shell("status", "--json").out)[0]["batch"] == B
    scene.refuse_name(f"{B}/Users.JSON")
    scene.refuse_name("another/Users.JSON")
    done = shell("explain", B)
    assert done.code == 0
    assert done.out.count("bad_name") == 1


def test_an_unknown_batch_is_exit_4(shell: Shell) -> None:
    done = shell("explain", "nope")
    assert (done.code, done.out) == (4, "")
    assert done.err == "No batch 'nope': nothing of it was ever uploaded.\n"


def test_a_missing_environment_is_exit_3(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOLD_BUCKET")
    done = shell("status")
    assert done.code == 3
    assert "GOLD_BUCKET is not set" in done.err


def test_trouble_with_aws_is_exit_1(scene: Scene, shell: Shell) -> None:
    scene.cloud.hook = lambda call: "denied"
    done = shell("status")
    assert done.code == 1
    assert done.err.startswith("AWS: ")


def test_wrong_usage_is_exit_2(shell: Shell) -> None:
    assert shell("explain").code == 2


def test_help_works_without_an_environment(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOLD_BUCKET")
    assert shell("status", "--help").code == 0


def test_upload_refuses_wrong_names_and_sends_nothing(
    scene: Scene, shell: Shell, tmp_path: Path
) -> None:
    for name in ("users.json", "order.json"):
        (tmp_path / name).write_text("{}\n")
    done = shell("upload", str(tmp_path), "--batch", B)
    assert done.code == 5
    assert f"closest valid name: {B}/orders.json" in done.err
    assert scene.cloud.s3.contents("bronze-bucket") == {}


def test_upload_puts_files_under_their_batch(scene: Scene, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text("{}\n")
    [done] = json.loads(shell("upload", str(tmp_path), "--batch", B, "--json").out)
    assert (done["key"], done["size"]) == (f"{B}/users.json", 3)
    assert scene.cloud.s3.contents("bronze-bucket") == {f"{B}/users.json": b"{}\n"}


def test_watch_ends_with_the_batch(scene: Scene, shell: Shell) -> None:
    finished.finish(scene, B)
    done = shell("watch", B)
    assert done.code == 0
    assert "499 rows" in done.out


def test_watch_tells_each_publication_of_the_same_rows(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events", "orders")
    scene.publish(B)
    scene.minute()
    assert shell("replay", B).code == 0
    place = scene.lake.store, scene.claim(B), "jr_2"
    publication.publish(*place, {"user_activity": "u/"}, {"user_activity": 10}, scene.now)
    scene.minute()
    assert shell("replay", B).code == 0
    place = scene.lake.store, scene.claim(B), "jr_3"
    publication.publish(*place, {"user_activity": "u/"}, {"user_activity": 10}, scene.now)
    revision = scene.claim(B).revision
    assert shell("watch", B).out.count(f"published {revision}: user_activity 10 rows\n") == 2


def test_watch_of_a_failed_batch_is_exit_6(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events", "orders")
    scene.end_run("FAILED", "boom")
    scene.exhaust(B)
    assert shell("watch", B).code == 6


def test_watch_that_takes_too_long_is_exit_7(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users")
    assert shell("watch", B, "--timeout", "0", "--every", "0").code == 7


def test_rejected_lists_files_and_rows(scene: Scene, shell: Shell) -> None:
    scene.refuse(B, "users", Code.EMPTY)
    key = f"rows/orders/batch_id={B}/run_id=jr_1/part-0.parquet"
    scene.cloud.s3.put("quarantine-bucket", key, b"12345")
    found = json.loads(shell("rejected", "--batch", B, "--json").out)
    assert [(item["key"], item["code"]) for item in found["files"]] == [
        (f"{B}/users.json", "empty")
    ]
    assert [(item["dataset"], item["size"]) for item in found["rows"]] == [("orders", 5)]
    assert json.loads(shell("rejected", "--batch", "other", "--json").out) == {
        "files": [],
        "rows": [],
    }


def test_logs_are_one_timeline_of_one_batch(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events", "orders")
    run_id = scene.cloud.glue.runs[0]["Id"]
    at = int(scene.now.timestamp() * 1000)

    def line(message: str, **own: str) -> str:
        return json.dumps({"level": "INFO", "message": message, **own})

    scene.cloud.others.lines = {
        "/aws/lambda/validator-function": [
            (at, line("file accepted", batch=B), "s"),
            (at + 1, line("file accepted", batch="other"), "s"),
            (at + 2, line("record failed", key=f"{B}/users.json"), "s"),
            (at - 3_600_000, line("long ago", batch=B), "s"),
            (at + 3, "START RequestId: 1", "s"),
        ],
        "/aws/lambda/reconciler-function": [(at + 1, line("run asked for", batch=B), "s")],
        "/aws-glue/jobs/output": [
            (at + 8, "a line of another run", "jr_other"),
            (at + 9, "published", run_id),
        ],
    }
    told = [json.loads(text) for text in shell("logs", B, "--json").out.splitlines()]
    assert [(item["source"], item["message"]) for item in told] == [
        ("validator", "file accepted"),
        ("reconciler", "run asked for"),
        ("validator", "record failed"),
        ("job", "published"),
    ]


def test_logs_of_a_job_with_a_security_configuration_are_found(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events", "orders")
    run_id = scene.cloud.glue.runs[0]["Id"]
    scene.cloud.glue.job = {
        "Role": "arn:aws:iam::000000000000:role/lake-job",
        "SecurityConfiguration": "lake",
        "DefaultArguments": {"--custom-logGroup-prefix": "/aws-glue/jobs/lake"},
    }
    at = int(scene.now.timestamp() * 1000)
    scene.cloud.others.lines = {
        "/aws-glue/jobs/lake/lake-role/lake-job/output": [(at, "published", run_id)]
    }
    told = [json.loads(text) for text in shell("logs", B, "--json").out.splitlines()]
    assert [(item["source"], item["message"]) for item in told] == [("job", "published")]


def test_report_writes_a_page_or_json(scene: Scene, shell: Shell, tmp_path: Path) -> None:
    finished.finish(scene, B)
    target = tmp_path / "page.html"
    assert shell("report", B, "--out", str(target)).code == 0
    assert target.read_text().startswith("<!doctype html>")
    assert json.loads(shell("report", B, "--json").out)["funnels"][0]["read"] == 500


def test_force_is_audited_and_wakes_the_reconciler(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events")
    done = shell("force", B, "--without", "orders", "--reason", "shop was closed")
    assert done.code == 0
    stored = scene.lake.store.read(Force, f"batches/{B}/force.json")
    assert stored is not None
    assert (stored.record.without, stored.record.reason) == (("orders",), "shop was closed")
    assert IDENTITY in stored.record.by
    assert [name for name, _ in scene.cloud.others.invoked] == ["reconciler-function"]


def test_force_needs_no_reason(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events")
    assert shell("force", B, "--without", "orders").code == 0
    stored = scene.lake.store.read(Force, f"batches/{B}/force.json")
    assert stored is not None
    assert stored.record.reason == "force asked for"


def test_force_without_something_unknown_is_refused(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events")
    done = shell("force", B, "--without", "order", "--reason", "x")
    assert done.code == 5
    assert "'order' is neither a dataset (users, events, orders) nor a file of one" in done.err
    assert scene.cloud.others.invoked == []


def test_replay_queues_the_next_attempt(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users", "events", "orders")
    scene.publish(B)
    done = shell("replay", B, "--reason", "new code")
    assert done.code == 0
    claim = scene.claim(B)
    assert (claim.state, claim.attempt, claim.audit[-1].reason) == ("pending", 2, "new code")
    assert json.loads(shell("status", "--json").out)[0]["state"] == "queued"


def test_replay_of_an_incomplete_batch_is_exit_5(scene: Scene, shell: Shell) -> None:
    scene.arrive(B, "users")
    done = shell("replay", B)
    assert (done.code, done.err) == (5, f"{B}: events, orders are missing\n")


def test_rollback_shows_readers_the_publication_before(scene: Scene, shell: Shell) -> None:
    for table in scene.lake.contract.gold_tables:
        scene.cloud.glue.tables["glue-database", table] = {
            "Name": table,
            "StorageDescriptor": {"Location": "s3://gold-bucket/"},
        }
    scene.cloud.now = datetime.now(UTC)  # which decides on the grace period
    finished.finish(scene, B)
    first = scene.claim(B).revision
    scene.arrive(B, "orders")
    scene.publish(B, rows=7)
    done = shell("rollback", B, "--reason", "wrong prices")
    told = "country_revenue 499 rows, user_activity 499 rows; run jr_000002 is rolled away\n"
    assert (done.code, done.out) == (0, f"{B}: readers see {first} again: {told}")
    repeated = shell("rollback", B, "--reason", "wrong prices")
    assert (repeated.code, repeated.out) == (0, f"{B}: readers see {first} already: {told}")
    [status] = json.loads(shell("status", "--json").out)
    assert (status["state"], status["published_revision"]) == ("published", first)
    assert status["note"].startswith("rolled back")
    place = scene.cloud.glue.partitions["glue-database", "user_activity", B]
    assert f"batch_id={B}/run_id=jr_000001/" in place["StorageDescriptor"]["Location"]


def test_redrive_gives_letters_back(scene: Scene, shell: Shell) -> None:
    letters = scene.cloud.others.letters
    letters["dead-letter-queue-url"] = [json.dumps({"Records": []})]
    letters["reconciler-function-dead-letters"] = [json.dumps({"detail-type": "Scheduled Event"})]
    letters["duckdb-function-dead-letters"] = [json.dumps({"batch": "b"})]
    done = shell("redrive", "--json")
    one = {"handled": 1, "failed": 0, "unreadable": 0}
    assert json.loads(done.out) == {
        "validator-function": one,
        "reconciler-function": one,
        "duckdb-function": one,
    }
    assert not any(letters.values())
    assert scene.cloud.others.invoked == [
        ("validator-function", {"Records": []}),
        ("reconciler-function", {"detail-type": "Scheduled Event"}),
        ("reconciler-function", {"source": "lakegate"}),
    ]


def test_a_page_on_a_taken_port_says_where_another_may_be(shell: Shell) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = shell("page", "--port", str(port))
    assert (done.code, done.out) == (5, "")
    assert f"http://127.0.0.1:{port}" in done.err
    assert f"lakegate page --port {port + 1}" in done.err


def test_gold_shows_what_readers_see(shell: Shell, scene: Scene) -> None:
    finished.finish(scene, B)
    done = shell("gold", B, "--rows", "1")
    lines = [line.split() for line in done.out.splitlines()]
    assert ["user_id", "1"] in lines and ["revenue", "25.50"] in lines
    found = json.loads(shell("gold", B, "--rows", "2", "--json").out)
    assert [row["user_id"] for row in found["rows"]] == [1, 2]
    assert found["revision"] == scene.claim(B).revision


def test_gold_of_what_is_not_published_says_where_to_look(shell: Shell, scene: Scene) -> None:
    scene.arrive(B, "users")
    done = shell("gold", B)
    assert (done.code, done.out) == (4, "")
    assert f"lakegate explain {B}" in done.err
