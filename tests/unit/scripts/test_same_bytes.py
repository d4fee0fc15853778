"""The same request gives the same bytes, in one file or many, by one process or several."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from lakegate import contract
from scripts.generator.dirt.plan import Dirt
from scripts.generator.draws import Draws
from scripts.generator.files import Share, write_share
from scripts.generator.tables.rows import Source

ROOT = Path(__file__).resolve().parents[3]
NAMES = ("users", "events", "orders")

# Of 2,000 rows with seed 7: they change when the generator or the names in Faker do, and must not
# change from machine to machine.
GOLDEN = {
    "users": "921da72520b9b4346ec037584b16f83c7024101f2498bf0bd6db5aebf7f8fd83",
    "events": "519afaf6463e00a48bb64232ac6e5c016dd69c41a3369c3d78016115940e09d6",
    "orders": "23552d86ed982591a121e8fd62f4788533eb7f161405e7952adf3779ff271927",
}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def small(made: Callable[..., Path]) -> Path:
    return made(2000)


@pytest.fixture(scope="module")
def parts(made: Callable[..., Path]) -> Path:
    """What `clean` holds, in seven parts written by two processes."""
    return made(20_000, parts=7, workers=2)


@pytest.mark.parametrize("name", NAMES)
def test_bytes_are_the_same_on_every_machine(small: Path, name: str) -> None:
    assert digest(small / f"{name}.json") == GOLDEN[name]


def test_dirt_is_the_same_every_time(made: Callable[..., Path]) -> None:
    one, two = (made(1500, dirt={"all": 0.2}) for _ in range(2))
    names = {path.name for path in one.iterdir()}
    assert names == {"users.json", "events.json", "orders.json", "expected.json"}
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_other_rows(made: Callable[..., Path], name: str) -> None:
    one, two = ((made(500, seed=seed) / f"{name}.json").read_bytes() for seed in (1, 2))
    assert not {*one.splitlines()} & {*two.splitlines()}


@pytest.mark.parametrize("name", NAMES)
def test_parts_in_order_are_the_single_file(parts: Path, clean: Path, name: str) -> None:
    files = sorted(parts.glob(f"{name}-*.json"))
    assert [path.name for path in files] == [f"{name}-000{part}.json" for part in range(1, 8)]
    joined = b"".join(path.read_bytes() for path in files)
    assert joined == (clean / f"{name}.json").read_bytes()


def test_manifest_names_exactly_the_files_of_the_batch(made: Callable[..., Path]) -> None:
    out = made(50, parts=3)
    manifest = json.loads((out / "_manifest.json").read_bytes())
    beside = {path.name for path in out.iterdir()} - {"_manifest.json", "expected.json"}
    assert manifest["version"] == 1
    assert sorted(manifest["files"]) == sorted(beside)
    assert len(beside) == 9


def test_single_files_need_no_manifest(clean: Path) -> None:
    assert not (clean / "_manifest.json").exists()


@pytest.mark.parametrize("name", NAMES)
def test_committed_sample_is_what_the_generator_writes(
    made: Callable[..., Path], name: str
) -> None:
    sample = ROOT / "data/sample_data" / f"{name}.json"
    assert digest(made(1000, seed=42) / f"{name}.json") == digest(sample)


def test_memory_does_not_grow_with_rows(shop: contract.Contract, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        source = Source(shop, 7, rows)
        dirt = Dirt(shop, Draws(7), {"all": 0.005})
        tracemalloc.start()
        for name in NAMES:
            write_share(source, dirt, Share(name, "file", 0, rows), tmp_path, lambda _: None)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)  # fills the tables that are made once
    assert peak(60_000) < 1.15 * peak(17_000)
