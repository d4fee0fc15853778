"""The grammar of keys, and the names that their producers most likely meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract import Contract
from lakegate.files.naming import Leftover, ManifestName, closest, parse
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected
from lakegate.ledger.keys import FileName


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("users.json", FileName("default", "users")),
        ("2026-11-22/orders.json", FileName("2026-11-22", "orders")),
        ("2026-11-22/events-0007.json", FileName("2026-11-22", "events", "0007")),
        ("a/users.json", FileName("a", "users")),
        ("b" * 64 + "/users.json", FileName("b" * 64, "users")),
        ("2026-11-22/_manifest.json", ManifestName("2026-11-22")),
        ("_manifest.json", ManifestName("default")),
        ("users.jsonl", FileName("default", "users", suffix=".jsonl")),
        ("a/users.ndjson.gz", FileName("a", "users", suffix=".ndjson.gz")),
        ("a/orders-0001.csv", FileName("a", "orders", "0001", ".csv")),
        ("a/orders.json.gz", FileName("a", "orders", suffix=".json.gz")),
        ("2026-11-22/", Leftover()),
        ("_SUCCESS", Leftover()),
        ("a/_SUCCESS", Leftover()),
        ("a/_temporary/0/users.json", Leftover()),
        (".hidden/_manifest.json", Leftover()),
        ("a/.DS_Store", Leftover()),
        ("a/.users.json.crc", Leftover()),
        ("a/users.json.crc", Leftover()),
        ("a_$folder$", Leftover()),
        ("a/users.json.tmp", Leftover()),
        ("../users.json", Leftover()),
        ("a/_Manifest.json", Leftover()),
    ],
)
def test_valid_keys(key: str, expected: object, contract: Contract) -> None:
    assert parse(key, contract) == expected


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("Users.JSON", "users.json"),
        ("user.json", "users.json"),
        ("2026-11-22/Orders.json", "2026-11-22/orders.json"),
        ("2026-11-22/Orders.jsonl", "2026-11-22/orders.jsonl"),
        ("2026-11-22/orders.JSON.GZ", "2026-11-22/orders.json.gz"),
        ("a/orders (1).csv.gz", "a/orders.csv.gz"),
        ("a/orders.tsv", "a/orders.csv"),
        ("a/orders.csv.gzip", "a/orders.csv.gz"),
        ("a/orders", "a/orders.json"),
        ("a/orders.txt", "a/orders.json"),
        ("2026-11-22/events-7.json", "2026-11-22/events-0007.json"),
        ("2026-11-22/events_0007.json", "2026-11-22/events-0007.json"),
        ("2026-11-22/events-00007.json", "2026-11-22/events-0007.json"),
        ("events-9999 (2).json", "events-9999.json"),
        ("events-10000.json", "events.json"),
        ("events-00000007.json", "events-0007.json"),
        ("events-000000007.json", "events.json"),
        ("2026/11/22/users.json", "2026-11-22/users.json"),
        ("My Batch+1/users.json", "my-batch-1/users.json"),
        ("x/y/_manifest.json", "x-y/_manifest.json"),
        ("/users.json", "users.json"),
        ("a//users.json", "a/users.json"),
        ("-a/users.json", "a/users.json"),
        ("c" * 65 + "/users.json", "c" * 64 + "/users.json"),
        ("été/üsers.json", "ete/users.json"),
        ("users.json\n", "users.json"),
        ("A/_manifest.json", "a/_manifest.json"),
        ("2026-11-22/manifest.json", "2026-11-22/_manifest.json"),
        ("a/users-0001 (1).json", "a/users-0001.json"),
        ("a/users%20%281%29.json", "a/users.json"),
        ("my%20batch/users.json", "my-batch/users.json"),
        ("a%2Fusers.json", "a/users.json"),
        ("Default/users.json", "users.json"),
        ("Manifest.json", "_manifest.json"),
    ],
)
def test_the_message_shows_the_closest_valid_name(key: str, meant: str, contract: Contract) -> None:
    verdict = parse(key, contract)
    assert isinstance(verdict, Rejected)
    assert (verdict.code, verdict.detail) == (Code.BAD_NAME, f"closest valid name: {meant}")
    assert not isinstance(parse(meant, contract), Rejected)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("default/users.json", "users.json"),
        ("default/events-0007.json", "events-0007.json"),
        ("default/_manifest.json", "_manifest.json"),
        ("default/Users.JSON", "users.json"),
    ],
)
def test_the_default_batch_has_one_spelling(key: str, meant: str, contract: Contract) -> None:
    """Two keys for one file would be versions that no sequencer orders."""
    verdict = parse(key, contract)
    assert isinstance(verdict, Rejected)
    assert verdict.code is Code.BAD_NAME
    assert verdict.detail == f"batch default has no folder; closest valid name: {meant}"
    assert not isinstance(parse(meant, contract), Rejected)


@pytest.mark.parametrize("key", ["a/products.json", "x" * 1024, "", "\x00", "日本/語.json"])
def test_without_a_close_name_the_datasets_are_listed(key: str, contract: Contract) -> None:
    verdict = parse(key, contract)
    assert isinstance(verdict, Rejected)
    assert "<one of users, events, orders>" in verdict.detail


@given(key=st.text(max_size=300))
def test_any_text_gets_an_answer(key: str, contract: Contract) -> None:
    found = parse(key, contract)
    if isinstance(found, FileName):
        assert key in (f"{found.batch}/{found.name}", found.name)
    assert "/" not in closest(key, contract).partition("/")[2]
