"""The index of a batch ends the same, whatever order accepted versions come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.aws.errors import ContentionError
from lakegate.aws.store import Store
from lakegate.ledger import arrivals, keys
from lakegate.ledger.order import pad, supersedes
from lakegate.ledger.records import Arrival, Arrivals, Manifest
from tests.fakes.cloud import Call, Fault
from tests.faults.world import World

FILE = keys.FileName("a", "events", "0001")


def version(number: int, sequencer: str | None = "", after: tuple[int, ...] = ()) -> Arrival:
    """The number-th version of a key; its sequencer grows with the number."""
    return Arrival(
        key="a/events-0001.json",
        version_id=f"v{number}",
        size=number,
        last_modified="2026-11-22T12:00:00Z",
        accepted_at="2026-11-22T12:00:01Z",
        sequencer=f"{number:04X}" if sequencer == "" else sequencer,
        after=tuple(keys.short_version(f"v{item}") for item in after),
    )


def folded(items: list[Arrival]) -> Arrivals:
    index = Arrivals("a", 0, "2026-11-22T12:00:00Z")
    for item in items:
        index = arrivals.with_item(index, "events-0001", item)
    return index


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("0055AED6DCD90281E6", "0055AED6DCD90281E5"),
        ("0055AED6DCD90281E50", "0055AED6DCD90281E"),
        ("1", "0FFF"),
        ("00b", "00A"),
    ],
)
def test_sequencers_compare_as_hex_texts_padded_on_the_right(newer: str, older: str) -> None:
    assert supersedes(version(1, newer), version(2, older))
    assert not supersedes(version(2, older), version(1, newer))


def test_padding_is_on_the_right() -> None:
    assert pad("1", "0FFF") == ("1000", "0FFF")


@given(st.permutations([1, 2, 3, 4]), st.lists(st.sampled_from([1, 2, 3, 4]), max_size=8))
def test_duplicates_and_reorderings_end_with_the_newest(order: list[int], more: list[int]) -> None:
    index = folded([version(number) for number in order + more])
    assert index.files["events-0001"] == version(4)
    assert set(index.accepted["events-0001"]) == {keys.short_version(f"v{n}") for n in range(1, 5)}


def test_generation_counts_changes_and_nothing_else() -> None:
    assert folded([version(1)]).generation == 1
    assert folded([version(1), version(1)]).generation == 1
    assert folded([version(1), version(2)]).generation == 2
    assert folded([version(2), version(1)]).generation == 1


def test_a_file_that_has_only_landed_makes_nothing_new() -> None:
    index = arrivals.with_item(folded([version(1)]), "products", version(2), landed=True)
    assert (index.generation, set(index.files), index.landed["products"]) == (
        1,
        {"events-0001"},
        version(2),
    )
    assert index.accepted["products"] == (keys.short_version("v2"),)
    later = arrivals.with_item(index, "products", version(1), landed=True)
    assert later.landed["products"] == version(2)


def test_a_landed_file_that_the_manifest_waits_for_is_a_change() -> None:
    manifest = Manifest("a/_manifest.json", "m", ("events-0001", "products"), "", "", "0001")
    index = arrivals.with_item(folded([version(1)]), arrivals.MANIFEST, manifest)
    assert arrivals.with_item(index, "products", version(2), landed=True).generation == 3


def test_versions_found_by_listing_and_by_events_mix_in_any_order() -> None:
    """2 and 4 come from events, 1 and 3 from a listing, which judges the oldest first."""
    listed = {1: version(1, None), 3: version(3, None, after=(1, 2))}
    for order in permutations((1, 2, 3, 4)):
        if order.index(3) < order.index(1):
            continue
        index = folded([listed.get(number) or version(number) for number in order])
        assert index.files["events-0001"].version_id == "v4", order


def test_a_late_event_of_a_version_below_a_listed_one_does_not_win() -> None:
    """2 was refused when 3 was listed; a changed contract accepts it later."""
    index = folded([version(3, None, after=(1, 2)), version(2)])
    assert index.files["events-0001"].version_id == "v3"


def test_equal_sequencers_of_an_emulator_fall_back_to_the_time() -> None:
    early = version(1, "0055AED6DCD90281E5")
    late = replace(version(2, "0055AED6DCD90281E5"), last_modified="2026-11-22T12:00:05Z")
    for items in ([early, late], [late, early]):
        assert folded(items).files["events-0001"] == late


def test_recording_costs_one_read_and_one_conditional_write() -> None:
    world = World()
    arrivals.record(world.store(), FILE, version(1))
    arrivals.record(world.store(), FILE, version(2))
    assert world.cloud.operations() == ["GetObject", "PutObject"] * 2
    conditions = [call.request.headers for call in world.cloud.calls if call.request.body]
    assert conditions[0]["if-none-match"] == "*"
    assert conditions[1]["if-match"]


def test_a_lost_turn_costs_one_more_read_and_write() -> None:
    world = World()
    arrivals.record(world.store(), FILE, version(1))
    begun = len(world.cloud.calls)

    def rival(call: Call) -> Fault | None:
        if call.index == begun + 1:
            arrivals.record(world.store(), FILE, version(2))
        return None

    world.cloud.hook = rival
    index = arrivals.record(world.store(), FILE, version(3))
    operations = world.cloud.operations()[begun:]
    rivals = ["GetObject", "PutObject"]
    assert operations == ["GetObject", "PutObject", *rivals, "GetObject", "PutObject"]
    assert (index.generation, len(index.accepted["events-0001"])) == (3, 3)


def test_an_own_change_that_the_sdk_sent_twice_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    world = World()
    world.cloud.tries = 2
    world.cloud.hook = lambda call: "5xx-lost" if call.index == 1 else None
    assert arrivals.record(world.store(), FILE, version(1)).generation == 1
    assert world.cloud.operations() == ["GetObject", "PutObject", "PutObject", "GetObject"]


def test_a_duplicate_writes_nothing() -> None:
    world = World()
    first = arrivals.record(world.store(), FILE, version(1))
    assert arrivals.record(world.store(), FILE, version(1)) == first
    assert world.cloud.operations() == ["GetObject", "PutObject", "GetObject"]


def test_a_manifest_is_versioned_like_a_file() -> None:
    world = World()
    newer, older = (
        Manifest("a/_manifest.json", name, (name,), "", "2026-11-22", sequencer)
        for name, sequencer in (("v2", "02"), ("v1", "01"))
    )
    arrivals.record_manifest(world.store(), "a", newer)
    index = arrivals.record_manifest(world.store(), "a", older)
    assert index.manifest == newer
    assert index.generation == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda store: arrivals.record(store, FILE, version(2)),
        lambda store: arrivals.touch(store, "a"),
        lambda store: arrivals.take_landed(store, "a", lambda _: True),
    ],
)
def test_losing_every_time_is_trouble_after_a_pause_each(change: Callable[[Store], object]) -> None:
    world = World()
    waits: list[float] = []
    store = Store(world.cloud.client("s3"), "control", sleep=waits.append)
    arrivals.record(store, FILE, version(1), landed=True)
    store.put = lambda *_, **__: None  # type: ignore[method-assign]
    with pytest.raises(ContentionError):
        change(store)
    assert len(waits) == arrivals.TURNS == 40


def test_touching_moves_the_generation_alone() -> None:
    world = World()
    before = arrivals.record(world.store(), FILE, version(1))
    assert arrivals.touch(world.store(), "a") == replace(before, generation=2)


def test_two_events_with_one_sequencer_and_one_time_have_an_order_all_the_same() -> None:
    twins = [version(number, "0055AED6DCD90281E5") for number in (1, 2)]
    ends = {
        folded([twins[a], twins[b]]).files["events-0001"].version_id for a, b in ((0, 1), (1, 0))
    }
    assert len(ends) == 1
