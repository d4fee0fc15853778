"""The wiring: every record has its turn, trouble is raised at the end, the gate is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lakegate.aws import clients
from lakegate.aws.errors import ContentionError
from lakegate.aws.metrics import Metrics
from lakegate.aws.settings import read
from lakegate.aws.store import Store
from lakegate.contract import Contract, to_json
from lakegate.files.errors import OutOfTimeError
from lakegate.ledger.engines.door import Starter
from lakegate.ledger.engines.glue import GlueStarter
from lakegate.ledger.gate import Gate
from lakegate.ledger.records import Engine
from lambda_validator import handler as entry
from lambda_validator import wiring
from lambda_validator.report import UNITS
from lambda_validator.settings import Settings
from tests.unit.files.conftest import World
from tests.unit.files.rows_of import line

BODIES = {f"b/{name}.json": line(name) * 3 for name in ("users", "events", "orders")}


def notification(world: World, uploads: dict[str, bytes]) -> dict[str, Any]:
    """What S3 would send about these uploads."""
    records = []
    for key, body in uploads.items():
        version = world.cloud.s3.put("bronze", key, body)
        item = {
            "key": key,
            "size": len(body),
            "eTag": version.etag,
            "versionId": version.version_id,
            "sequencer": version.sequencer,
        }
        place = {"bucket": {"name": "bronze"}, "object": item}
        records.append({"eventVersion": "2.1", "eventName": "ObjectCreated:Put", "s3": place})
    return {"Records": records}


def run(world: World, payload: Any) -> None:
    glue, store = world.cloud.client("glue"), world.validator.store
    engines: dict[Engine, Starter] = {
        "spark": GlueStarter(store, glue, glue, "job", world.cloud.clock)
    }
    gate = Gate(store, engines, world.validator.contract, world.validator.announced)
    entry.run(payload, world.validator, gate, Metrics("shop/test", UNITS))


def test_the_last_file_of_a_batch_starts_the_job_once(world: World) -> None:
    event = notification(world, BODIES)
    run(world, event)
    run(world, event)
    (started,) = world.cloud.glue.runs
    assert started["JobName"] == "job"
    assert started["Arguments"]["--BATCH_ID"] == "b"


def test_the_last_file_costs_five_requests_and_the_start_of_a_batch_four(world: World) -> None:
    (last,) = list(BODIES)[2:]
    run(world, notification(world, {key: BODIES[key] for key in list(BODIES)[:2]}))
    world.cloud.calls.clear()
    run(world, notification(world, {last: BODIES[last] * 20_000}))
    accepted = ["GetObject", "GetObject", "GetObject", "CopyObject", "PutObject"]
    started = ["GetObject", "PutObject", "StartJobRun", "PutObject"]
    assert world.cloud.operations() == accepted + started


def test_a_refused_record_does_not_block_the_others(world: World) -> None:
    event = notification(world, {"Users.json": b"x", **BODIES, "b/events-0001.json": b"[1]"})
    event["Records"].insert(2, {"eventVersion": "9.0"})
    run(world, event)
    assert len(world.silver()) == 3
    assert len(world.records()) == 2


def test_trouble_with_one_record_is_raised_after_all_others(world: World) -> None:
    world.cloud.hook = lambda call: "denied" if call.request.key == "b/users.json" else None
    event = notification(world, BODIES)
    with pytest.raises(ExceptionGroup) as caught:
        run(world, event)
    (error,) = caught.value.exceptions
    assert isinstance(error, ClientError)
    assert error.response["Error"]["Code"] == "AccessDenied"
    assert sorted(key.partition("/")[0] for key in world.silver()) == ["events", "orders"]
    assert world.records() == {}
    world.cloud.hook = None
    run(world, event)
    assert len(world.silver()) == 3
    assert len(world.cloud.glue.runs) == 1


@pytest.mark.parametrize("payload", [{"Event": "s3:TestEvent"}, {"Records": []}, {}, [], None])
def test_what_asks_for_nothing_succeeds(payload: Any, world: World) -> None:
    run(world, payload)
    assert world.cloud.calls == []


@pytest.fixture
def deployed(
    world: World, contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Contract], None]]:
    """What puts a contract into the zip; environment and clients are this world's."""
    names = ("bronze", "silver", "quarantine", "control")
    for name in names:
        monkeypatch.setenv(f"{name.upper()}_BUCKET", name)
    monkeypatch.setenv("GLUE_JOB", "user_activity")
    monkeypatch.setenv("METRIC_NAMESPACE", "commerce/test")
    monkeypatch.setattr(wiring, "CONTRACT", tmp_path / "pipeline.json")
    monkeypatch.setattr(clients, "s3", lambda: world.cloud.client("s3"))
    monkeypatch.setattr(clients, "glue", lambda: world.cloud.client("glue"))
    monkeypatch.setattr(clients, "starter", world.cloud.client)

    def deploy(given: Contract) -> None:
        (tmp_path / "pipeline.json").write_bytes(to_json(given))
        wiring.wired.cache_clear()

    deploy(contract)
    yield deploy
    wiring.wired.cache_clear()


@pytest.mark.usefixtures("deployed")
def test_the_entry_point_is_wired_from_its_environment_and_zip(world: World) -> None:
    entry.handler(notification(world, BODIES), None)
    assert world.cloud.glue.runs[0]["JobName"] == "user_activity"


@dataclass
class Call:
    """What Lambda tells of a call; it has so many milliseconds until it reads the second time."""

    left: list[int]

    def get_remaining_time_in_millis(self) -> int:
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


def test_a_file_that_takes_too_long_to_read_is_trouble_that_says_what_to_do(
    world: World, contract: Contract, deployed: Callable[[Contract], None]
) -> None:
    deployed(replace(contract, validation="full"))
    body = line("users") * 100_000
    event = notification(world, {"b/users.json": body})
    with pytest.raises(ExceptionGroup) as caught:
        entry.handler(event, Call([140_000, 9_000]))
    (error,) = caught.value.exceptions
    assert isinstance(error, OutOfTimeError)
    read = 64 * 2**10 + 2**18
    assert str(error).startswith(f"{read} of {len(body)} bytes were read when the time")
    assert "more time or memory" in str(error)
    assert "in parts" in str(error)
    assert world.records() == world.silver() == {}
    entry.handler(event, Call([140_000]))
    assert len(world.silver()) == 1


def test_a_file_whose_turn_at_the_index_does_not_come_in_time_is_trouble(
    world: World,
    contract: Contract,
    deployed: Callable[[Contract], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deployed(contract)
    monkeypatch.setattr(Store, "put", lambda *_, **__: None)  # others are faster every time
    with pytest.raises(ExceptionGroup) as caught:
        entry.handler(notification(world, BODIES), Call([140_000, 9_000]))
    assert {type(error) for error in caught.value.exceptions} == {ContentionError}
    assert "the time of the call is over" in str(caught.value.exceptions[0])


def test_the_windows_of_a_sample_take_no_time_to_speak_of(
    world: World, deployed: Callable[[Contract], None], contract: Contract
) -> None:
    deployed(contract)
    entry.handler(notification(world, {"b/users.json": line("users") * 9000}), Call([9_000]))
    assert len(world.silver()) == 1


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(KeyError, match="BRONZE_BUCKET"):
        read(Settings, {})


def test_the_handler_is_small() -> None:
    assert len(Path(entry.__file__).read_text().splitlines()) <= 50
