"""Files come from silver as they were accepted, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lakegate.transform.engines.duckdb import silver
from lakegate.transform.engines.duckdb.silver import Silver
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.errors import InputError
from tests.fakes.cloud import Call, Cloud, Fault

CONTENT = bytes(range(256)) * 10
URI = "s3://silver/things/x y.json"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    monkeypatch.setattr(silver, "RANGE", 1000)
    cloud = Cloud()
    cloud.s3.buckets["silver"] = {}
    cloud.s3.put("silver", "things/x y.json", CONTENT)
    return cloud


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.mark.parametrize("size", [0, len(CONTENT)])
def test_all_of_it_in_ranges(
    cloud: Cloud, pool: ThreadPoolExecutor, tmp_path: Path, size: int
) -> None:
    path = Silver(cloud.client("s3"), pool).fetch(SilverFile(URI, size), tmp_path / "x")
    assert path.read_bytes() == CONTENT
    assert len(cloud.calls) == (3 if size else 1)


def test_another_version_is_not_what_was_accepted(
    cloud: Cloud, pool: ThreadPoolExecutor, tmp_path: Path
) -> None:
    version = cloud.s3.current("silver", "things/x y.json")
    assert version is not None
    file = SilverFile(URI, len(CONTENT), etag=version.etag)
    reader = Silver(cloud.client("s3"), pool)
    assert reader.fetch(file, tmp_path / "x").read_bytes() == CONTENT
    cloud.s3.put("silver", "things/x y.json", CONTENT[::-1])
    with pytest.raises(InputError, match="is not what was accepted"):
        reader.fetch(file, tmp_path / "y")


def test_a_change_between_two_ranges_is_seen(
    cloud: Cloud, pool: ThreadPoolExecutor, tmp_path: Path
) -> None:
    def change(call: Call) -> Fault | None:
        if call.index == 1:
            cloud.s3.put("silver", "things/x y.json", CONTENT[::-1])
        return None

    cloud.hook = change
    with pytest.raises(InputError, match="is not what was accepted"):
        Silver(cloud.client("s3"), pool).fetch(SilverFile(URI, len(CONTENT)), tmp_path / "x")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (SilverFile("s3://silver/none.json", 5), "is not there"),
        (SilverFile("s3://nowhere/none.json", 5), "is not there"),
        (SilverFile("/nowhere/none.json", 5), "is not there"),
        (SilverFile(URI, len(CONTENT) + 1), "2560 bytes, 2561 were accepted"),
        (SilverFile(URI, 9_000), "is not what was accepted"),
    ],
)
def test_what_is_not_there_is_named(
    cloud: Cloud, pool: ThreadPoolExecutor, tmp_path: Path, file: SilverFile, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        Silver(cloud.client("s3"), pool).fetch(file, tmp_path / "x")
