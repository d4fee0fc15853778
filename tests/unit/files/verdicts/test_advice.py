"""Advice that is followed to the letter ends in acceptance."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakegate.contract import Contract, load
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Rejected
from tests.unit.files.conftest import ROOT, World, make_world
from tests.unit.files.rows_of import GOOD, line


def refused(world: World, body: bytes, key: str = "a/users.json") -> dict[str, Any]:
    """The record of a file that is refused."""
    ref = world.upload(key, body)
    assert isinstance(world.process(ref).verdict, Rejected)
    records = world.records().values()
    (record,) = [item for item in records if item["source"]["version_id"] == ref.version_id]
    assert isinstance(record, dict)
    return record


def accepted(contract: Contract, body: bytes, key: str = "a/users.json") -> bool:
    """Whether a contract takes a file."""
    world = make_world(contract)
    return isinstance(world.process(world.upload(key, body)).verdict, Accepted)


@pytest.mark.parametrize(
    "row",
    [
        {"user\n_id": 1},
        {"x" * 2**19: {"user_id": 1, "signed_up_at": "2026-01-01T00:00:00Z"}},
        {"evil\n- {name: x": {"user_id": 1, "signed_up_at": "2026-01-01T00:00:00Z"}},
        {"evil\nx": [{"user_id": 1, "signed_up_at": "2026-01-01T00:00:00Z"}]},
    ],
    ids=["near", "long", "envelope", "array"],
)
def test_a_key_that_is_no_name_stands_in_no_advice(world: World, row: dict[str, Any]) -> None:
    record = refused(world, (json.dumps(row).encode() + b"\n") * 2)
    assert record["fix"] == Code.MISSING_FIELD.fix
    assert len(json.dumps(record)) < 3000


def changed(tmp_path: Path, change: Any) -> Contract:
    """The project's contract after a change of its YAML."""
    document = yaml.safe_load((ROOT / "config" / "pipeline.yaml").read_text())
    shutil.copytree(ROOT / "src" / "glue_jobs" / "sql", tmp_path / "sql", dirs_exist_ok=True)
    document["sql"] = "sql"
    document.pop("sample_data")
    change(document)
    (tmp_path / "pipeline.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    return load(tmp_path / "pipeline.yaml")


def pasted(fix: str, tmp_path: Path) -> Contract:
    """The contract with the lines of the advice in place of the columns' own."""
    where = re.search(r"`datasets\.(\w+)\.columns`", fix)
    assert where is not None
    lines = yaml.safe_load(fix.partition("\n")[2])
    named = {item["name"]: item for item in lines}

    def change(document: dict[str, Any]) -> None:
        dataset = document["datasets"][where[1]]
        dataset["columns"] = [named.get(item["name"], item) for item in dataset["columns"]]

    return changed(tmp_path, change)


def renamed(**keys: str) -> bytes:
    row = {keys.get(key, key): value for key, value in GOOD["users"].items()}
    return json.dumps(row).encode() + b"\n"


@pytest.mark.parametrize(
    "keys",
    [
        {"user_id": "userId"},
        {"user_id": "UserID", "signed_up_at": "signedUpAt"},
        {"user_id": "user-id"},
        {"user_id": "user.id"},
        {"user_id": "usr_id", "signed_up_at": "Signed up at"},
    ],
)
def test_keys_in_another_spelling(keys: dict[str, str], world: World, tmp_path: Path) -> None:
    body = renamed(**keys) * 3
    record = refused(world, body)
    assert record["code"] == "missing_field"
    for key in keys.values():
        assert json.dumps(key) in record["detail"]
    assert accepted(pasted(record["fix"], tmp_path), body)
    # The other way: the keys are written as the advice says.
    for wrong, right in re.findall(r"`([^`]+)` as `([^`]+)`", record["fix"]):
        body = body.replace(json.dumps(wrong).encode(), json.dumps(right).encode())
    assert accepted(world.validator.contract, body)


@pytest.mark.parametrize("path", [["payload"], ["data", "after"], ["a.b", "c d"]])
def test_records_in_an_envelope(path: list[str], world: World, tmp_path: Path) -> None:
    row: Any = GOOD["users"]
    for key in reversed(path):
        row = {"id": 1, key: row}
    body = (json.dumps(row) + "\n").encode() * 3
    record = refused(world, body)
    assert record["code"] == "missing_field"
    assert "source: " in record["fix"]
    contract = pasted(record["fix"], tmp_path)
    assert accepted(contract, body)
    assert contract.datasets["users"].column("city").path == (*path, "city")


@pytest.mark.parametrize("path", [["data", "users"], ["items"], ["result", "page", "rows"]])
def test_records_in_an_array_of_each_record(path: list[str], world: World) -> None:
    row: Any = [GOOD["users"]] * 3
    for key in reversed(path):
        row = {"total": 3, key: row}
    record = refused(world, (json.dumps(row) + "\n").encode() * 2)
    assert record["code"] == "missing_field"
    assert f"Write each object of the array `{'.'.join(path)}` as a record" in record["fix"]
    assert accepted(world.validator.contract, line("users") * 6)


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "7"},
        {"user_id": 7.0},
        {"signed_up_at": 1767254400000},
        {"signed_up_at": "2026-01-01 08:00:00"},
        {"signed_up_at": "2026-01-01"},
    ],
)
def test_values_that_lenient_casts_take(
    change: dict[str, Any], world: World, tmp_path: Path
) -> None:
    body = line("users", **change) * 3
    record = refused(world, body)
    assert record["code"] == "bad_field"
    assert "lenient" in record["detail"]
    assert "`casts: lenient` under `datasets.users`" in record["fix"]

    def lenient(document: dict[str, Any]) -> None:
        document["datasets"]["users"]["casts"] = "lenient"

    assert accepted(changed(tmp_path, lenient), body)


def test_values_that_no_cast_takes_are_told_by_kind_and_form(world: World) -> None:
    record = refused(world, line("users", signed_up_at="3rd of März") * 2)
    assert 'signed_up_at has a string of the form "9aa aa Aaaa"' in record["detail"]
    assert "lenient" not in record["detail"] + record["fix"]
    record = refused(world, line("users", user_id=[1, 2]) * 2)
    assert "user_id has an array, a bigint is asked for" in record["detail"]
    record = refused(world, line("orders", status="Paid") * 2, "a/orders.json")
    assert "one of pending, paid, shipped, delivered, cancelled, refunded" in record["detail"]


def test_a_null_is_told_from_a_key_that_is_not_there(world: World) -> None:
    record = refused(world, line("users", user_id=None))
    assert "user_id is there and null" in record["detail"]


def test_a_name_is_corrected(world: World) -> None:
    record = refused(world, line("users"), "a/Users (1).JSONL")
    meant = record["detail"].partition("closest valid name: ")[2]
    assert meant == "a/users.jsonl"
    assert accepted(world.validator.contract, line("users"), meant)


def test_a_taken_name_gets_a_part_of_its_own(world: World) -> None:
    world.process(world.upload("a/users.json", line("users")))
    record = refused(world, line("users"), "a/users.csv")
    assert "a/users.json" in record["detail"]
    assert "`<dataset>-0001.json`" in record["fix"]
    assert accepted(world.validator.contract, line("users"), "a/users-0001.json")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-32"])
def test_a_text_in_another_encoding_is_converted_as_told(encoding: str, world: World) -> None:
    text = line("users", city=...).decode().replace("Ada", "Adä") * 3
    record = refused(world, text.encode(encoding))
    named = re.search(r"iconv -f ([A-Z0-9-]+) -t UTF-8", record["fix"])
    assert named is not None
    converted = text.encode(encoding).decode(named[1]).encode()
    assert accepted(world.validator.contract, converted)


def test_an_empty_dataset_may_stay_away(world: World, tmp_path: Path) -> None:
    record = refused(world, b"[]", "2026-01-01/users.json")
    assert record["code"] == "empty"
    assert "lakegate force 2026-01-01 --without users --reason" in record["fix"]
    assert "`may_be_empty: true` under `datasets.users`" in record["fix"]

    def may_be_empty(document: dict[str, Any]) -> None:
        document["datasets"]["users"]["may_be_empty"] = True

    assert accepted(changed(tmp_path, may_be_empty), b"[]")


def test_gzip_within_gzip_is_unpacked_once(world: World) -> None:
    import gzip  # noqa: PLC0415

    body = gzip.compress(gzip.compress(line("users")))
    assert "`gunzip`" in refused(world, body)["fix"]
    assert accepted(world.validator.contract, gzip.decompress(body))


def test_what_is_too_much_to_convert_is_split_or_plain(contract: Contract) -> None:
    small = replace(contract, limits=replace(contract.limits, max_convert_bytes=5_000))
    body = b"[" + b",".join([line("users").strip()] * 40) + b"]"
    record = refused(make_world(small), body)
    assert record["code"] == "too_large_to_convert"
    assert "`<dataset>-0001.json.gz`" in record["fix"]
    part = b"[" + b",".join([line("users").strip()] * 20) + b"]"
    assert accepted(small, part, "a/users-0001.json")
    assert accepted(small, line("users") * 40)


def test_no_advice_hands_data_to_a_program_that_changes_them() -> None:
    for code in Code:
        assert not re.search(r"\bjq\b|\bnode\b|\bpandas\b", code.fix), code


def test_no_advice_shows_a_value(world: World) -> None:
    secret = line("users", user_id="topsecret", email="topsecret", signed_up_at="topsecret")
    assert "topsecret" not in json.dumps(refused(world, secret * 3))
