"""One line and one set of metrics for each decision, with few and fixed dimensions."""

from __future__ import annotations

import ast
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from lakegate.aws.metrics import Metrics
from lambda_validator import report
from tests.unit.files.conftest import World
from tests.unit.files.rows_of import line

METRICS = Metrics("shop/test", report.UNITS)
SOURCE = Path(report.__file__).read_text()


def decide(world: World, key: str, body: bytes) -> None:
    outcome = world.process(world.upload(key, body))
    report.decided(outcome, 12.34, world.cloud.now, METRICS)


def metrics(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(text) for text in capsys.readouterr().out.splitlines()]


def test_a_version_that_was_accepted_before_is_logged_and_not_counted_again(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    ref = world.upload("b/users.json", line("users"))
    world.process(ref)
    world.cloud.s3.buckets["bronze"]["b/users.json"].clear()
    caplog.set_level(logging.INFO)
    report.decided(world.process(ref), 12.34, world.cloud.now, METRICS)
    (record,) = caplog.records
    assert record.getMessage() == "accepted before"
    assert metrics(capsys) == []


def test_an_accepted_file(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    decide(world, "b/users.json", line("users"))
    (record,) = caplog.records
    assert record.getMessage() == "file accepted"
    assert (record.__dict__["batch"], record.__dict__["dataset"]) == ("b", "users")
    assert record.__dict__["lines"] == 1
    (emf,) = metrics(capsys)
    assert emf == {
        "_aws": {
            "Timestamp": 1795348800000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "shop/test",
                    "Dimensions": [[], ["dataset"]],
                    "Metrics": [
                        {"Name": "FilesAccepted", "Unit": "Count"},
                        {"Name": "BytesAccepted", "Unit": "Bytes"},
                        {"Name": "DurationMs", "Unit": "Milliseconds"},
                    ],
                }
            ],
        },
        "dataset": "users",
        "FilesAccepted": 1,
        "BytesAccepted": len(line("users")),
        "DurationMs": 12.34,
    }


def test_a_refused_file(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    decide(world, "b/users.json", b"[1]")
    (record,) = caplog.records
    assert (record.getMessage(), record.levelname) == ("file rejected", "WARNING")
    assert record.__dict__["code"] == "not_an_object"
    (emf,) = metrics(capsys)
    assert emf["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [[], ["dataset"], ["code"]]
    assert (emf["dataset"], emf["code"], emf["FilesRejected"]) == ("users", "not_an_object", 1)


def test_a_leftover_is_logged_and_counted(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    decide(world, "b/", b"")
    assert [record.getMessage() for record in caplog.records] == ["leftover ignored"]
    (document,) = metrics(capsys)
    assert document["FilesIgnored"] == 1


def test_an_event_that_is_not_for_us_is_logged_and_counted(
    world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    report.refused_event("foreign_bucket", world.cloud.now, METRICS)
    (record,) = caplog.records
    assert (record.getMessage(), record.__dict__["code"]) == ("event refused", "foreign_bucket")
    (document,) = metrics(capsys)
    assert (document["EventsRefused"], document["code"]) == (1, "foreign_bucket")


def test_neither_batch_nor_key_nor_any_free_text_is_a_dimension(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in ("b/users.json", "c/Orders.json", "~/x", "d/_manifest.json", "e/events.json"):
        decide(world, key, b"{")
    report.refused_event("foreign_bucket", world.cloud.now, METRICS)
    for emf in metrics(capsys):
        (directive,) = emf["_aws"]["CloudWatchMetrics"]
        for names in directive["Dimensions"]:
            assert len(names) <= 1
            assert set(names) <= {"dataset", "code"}
        fixed = {"users", "events", "_unknown", "_manifest"}
        assert emf.get("dataset") in {*fixed, None}
        assert set(emf) <= {"_aws", "dataset", "code", *report.UNITS}


def test_trouble_and_the_gate_are_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    report.troubled(world.upload("b/users.json", b""), ValueError("x" * 9999))
    (record,) = caplog.records
    assert (record.levelname, record.__dict__["error"]) == ("ERROR", "ValueError")
    assert len(record.__dict__["reason"]) == 500


def test_messages_are_constant() -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(SOURCE))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "log"
    ]
    assert len(calls) >= 6
    for call in calls:
        assert isinstance(call.args[0], ast.Constant)
        assert [keyword.arg for keyword in call.keywords] == ["extra"]
