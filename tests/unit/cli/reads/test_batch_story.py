"""`explain` names the cause and what to do about it."""

from __future__ import annotations

from dataclasses import replace

from lakegate.aws import codec
from lakegate.cli.reads import explain, facts
from lakegate.contract import Column, Dataset
from lakegate.files.reasons import Code
from lakegate.ledger import arrivals, claims, keys, operations
from lakegate.ledger.records import Arrival, Audit
from tests.unit.cli.scene import Scene

ALL = ("users", "events", "orders")
AUDIT = Audit("replay", "me", "read now", "2026-11-22T13:00:00.000000Z")


def story(scene: Scene) -> explain.Explanation:
    return explain.explain(facts.collect(scene.lake, "b"), scene.contract, scene.now)


def texts(told: explain.Explanation, mark: str) -> list[str]:
    return [step.text for step in told.steps if step.mark == mark]


def test_a_missing_dataset_that_was_rejected_comes_with_its_fix(scene: Scene) -> None:
    scene.arrive("b", "users", "events")
    scene.minute()
    scene.refuse("b", "orders", Code.TRUNCATED)
    told = story(scene)
    assert texts(told, "bad") == ["b/orders.json rejected: truncated: seen here"]
    assert texts(told, "waits") == ["orders has not arrived (overdue at 2026-11-22 13:00 UTC)"]
    assert told.advice == (
        f"b/orders.json: {Code.TRUNCATED.fix}",
        "upload what is missing",
        "or go on without it: lakegate force b --without orders --reason …",
    )


def test_a_rejection_that_was_mended_asks_for_nothing(scene: Scene) -> None:
    scene.refuse("b", "orders", Code.TRUNCATED)
    scene.minute()
    scene.arrive("b", *ALL)
    scene.publish("b")
    told = story(scene)
    assert texts(told, "bad") == []
    assert told.advice == ()
    assert "b/orders.json rejected: truncated: seen here (a good version has come since)" in texts(
        told, "told"
    )


def test_a_rejection_after_a_good_version_still_asks(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    scene.publish("b")
    scene.minute()
    scene.refuse("b", "orders", Code.EMPTY)
    assert story(scene).advice == (f"b/orders.json: {Code.EMPTY.fix}",)


def test_failed_attempts_tell_what_glue_said(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    scene.end_run("FAILED", "CountsError: events: 10 != 9")
    scene.exhaust("b")
    told = story(scene)
    revision = scene.claim("b").revision
    assert texts(told, "bad") == [
        f"attempt 1 of {revision} on spark ended FAILED: CountsError: events: 10 != 9",
        f"attempt 2 of {revision} on spark ended FAILED: CountsError: events: 10 != 9",
        f"attempt 3 of {revision} on spark ended FAILED: CountsError: events: 10 != 9",
        f"no attempt is left for {revision}: 3 were allowed",
    ]
    assert told.advice == ("read lakegate logs b, mend the cause, then lakegate replay b",)


def test_a_replay_has_as_many_attempts_as_the_first_time(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    scene.end_run("FAILED", "why")
    scene.exhaust("b")
    operations.replay(scene.lake.store, "b", scene.contract, AUDIT)
    stored = claims.read(scene.lake.store, "b", scene.claim("b").revision)
    assert stored is not None
    claims.change(scene.lake.store, stored, claims.taken_over(stored.record, "me", scene.now))
    scene.exhaust("b")
    assert scene.claim("b").attempt == 6
    assert texts(story(scene), "bad")[-1].endswith(": 3 were allowed")


def test_refused_data_ask_for_other_data_and_not_for_another_attempt(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    scene.end_run("FAILED", "ThresholdError: events: 1 of 9 lines rejected")
    scene.exhaust("b", "refused")
    told, revision = story(scene), scene.claim("b").revision
    assert texts(told, "bad") == [
        f"attempt 1 of {revision} on spark ended FAILED (refused): "
        "ThresholdError: events: 1 of 9 lines rejected",
        f"no attempt is left for {revision}: the data were refused, "
        "and another attempt would find the same",
    ]
    assert told.advice == (
        "look at the rejected rows: lakegate rejected b",
        f"or at the checks: lakegate report b --revision {revision}",
        "upload the corrected files",
        "or change contract or SQL, deploy, then lakegate replay b",
    )


def test_versions_and_publications_are_counted(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    first = scene.publish("b", rows=10)
    scene.minute()
    scene.arrive("b", "orders")
    second = scene.publish("b", rows=11)
    done = texts(story(scene), "done")
    assert "b/orders.json accepted: 1,000 bytes, the newest of 2 accepted versions" in done
    for revision, rows in ((first.revision, 10), (second.revision, 11)):
        tables = f"country_revenue {rows} rows, user_activity {rows} rows"
        assert f"published {revision}: {tables}" in done


def test_what_happened_is_told_in_the_order_of_time(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    first = scene.publish("b", rows=10)
    scene.minute()
    scene.refuse("b", "orders", Code.EMPTY)
    scene.minute()
    scene.arrive("b", "orders")
    second = scene.publish("b", rows=11)
    words = [step.text.split(":")[0] for step in story(scene).steps]
    published = words.index(f"published {first.revision}")
    refused = words.index("b/orders.json rejected")
    corrected = words.index("b/orders.json accepted")
    assert words.index("b/users.json accepted") < published < refused < corrected
    assert words[-1] == f"published {second.revision}"


def test_a_file_that_landed_before_it_was_read_comes_with_the_replay_that_takes_it(
    scene: Scene,
) -> None:
    rules = scene.contract
    reviews = Dataset((Column("review_id", "string", required=True),))
    required = (*ALL, "reviews")
    scene.contract = replace(
        rules,
        datasets={**rules.datasets, "reviews": reviews},
        gate=replace(rules.gate, required=required),
    )
    at = codec.stamp(scene.now)
    arrival = Arrival("b/reviews.json", "v1", 812, at, at, "0001")
    file = keys.FileName("b", "reviews", None, ".json")
    arrivals.record(scene.lake.store, file, arrival, landed=True)
    scene.arrive("b", "users", "events")
    take = "to count reviews, which had landed before: lakegate replay b"
    goes_on = "or go on without it: lakegate force b --without orders --reason …"
    assert story(scene).advice == (take, "upload what is missing", goes_on)
    waits = [text.partition(" (")[0] for text in texts(story(scene), "waits")]
    assert waits == ["orders has not arrived", "reviews has landed and does not count yet"]
    scene.arrive("b", "orders")
    assert story(scene).advice == (take,)
    operations.replay(scene.lake.store, "b", scene.contract, AUDIT)
    assert "reviews" not in " ".join(story(scene).advice)


def test_what_was_found_in_a_converted_file_is_told(scene: Scene) -> None:
    at = codec.stamp(scene.now)
    file = keys.FileName("b", "orders", None, ".csv.gz")
    arrival = Arrival(
        "b/orders.csv.gz", "v1", 812, at, at, "0001", (), "orders.csv.gz", "csv", "utf-8", "gzip",
        812, 4096, "lenient", records=1000,
    )  # fmt: skip
    arrivals.record(scene.lake.store, file, arrival)
    told = "b/orders.csv.gz accepted: 812 bytes of csv, gzip, 1,000 records"
    assert f"{told}, 4,096 bytes of lines in silver" in texts(story(scene), "done")
