"""The index of what has arrived of a batch, changed by compare-and-swap only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lakegate.aws.errors import ContentionError
from lakegate.aws.store import Store, Stored
from lakegate.ledger import keys
from lakegate.ledger.order import found_above, supersedes
from lakegate.ledger.records import Arrival, Arrivals, Manifest

# With the store's pauses these are over before the shortest time-out of a function.
TURNS = 40
MANIFEST = "_manifest"


@dataclass(frozen=True)
class Seen:
    """The index of a batch at some moment, or that there was none."""

    stored: Stored[Arrivals] | None

    @property
    def index(self) -> Arrivals | None:
        """The index, None before the first arrival."""
        return self.stored.record if self.stored else None

    def has(self, stem: str, version_id: str) -> bool:
        """Whether that version was accepted."""
        known = self.index.accepted.get(stem, ()) if self.index else ()
        return keys.short_version(version_id) in known


def look(store: Store, batch: str) -> Seen:
    """The index of a batch as it is now."""
    return Seen(load(store, batch))


def load(store: Store, batch: str) -> Stored[Arrivals] | None:
    """The index of a batch, or None before its first arrival."""
    return store.read(Arrivals, keys.arrivals(batch))


def record(
    store: Store,
    file: keys.FileName,
    arrival: Arrival,
    *,
    landed: bool = False,
    seen: Seen | None = None,
) -> Arrivals:
    """The index with the arrival in it; a duplicate changes nothing, an older one is only noted.

    Neither does an arrival change anything whose stem another key holds (see `holder`). `landed`:
    no run reads the file, so it makes no revision. `seen` is the index as the caller saw it a
    moment ago; with it, one request (conditional PUT) unless others write at the same time.
    """
    return _change(store, file.batch, file.stem, arrival, landed, seen)


def holder(index: Arrivals | None, stem: str) -> str | None:
    """The bronze key whose versions are the file of that stem, None while nobody's are.

    `orders.json` and `orders.csv` are two keys of one stem: the first accepted one holds it.
    """
    held = (index.files.get(stem) or index.landed.get(stem)) if index else None
    return held.key if held else None


def newest(index: Arrivals) -> Iterator[Arrival | Manifest]:
    """What of each key counts: the newest accepted version of every file, and of the manifest."""
    yield from index.files.values()
    yield from index.landed.values()
    if index.manifest is not None:
        yield index.manifest


def record_manifest(store: Store, batch: str, manifest: Manifest) -> Arrivals:
    """The index with the manifest in it, by the same rules as for a file."""
    return _change(store, batch, MANIFEST, manifest)


def touch(store: Store, batch: str) -> Arrivals:
    """The index of a known batch with a new generation, so that what follows outranks the past."""
    for turn in range(TURNS):
        stored = load(store, batch)
        if stored is None:
            raise KeyError(batch)
        touched = replace(stored.record, generation=stored.record.generation + 1)
        if store.replace(keys.arrivals(batch), touched, stored.etag):
            return touched
        store.pause(turn)
    raise ContentionError(f"arrivals of {batch}")


def take_landed(store: Store, batch: str, is_read: Callable[[str], bool]) -> tuple[str, ...]:
    """Count the files that landed while no run read their dataset, where one reads it now.

    Their verdict stands. Returns their stems; without any nothing is written.
    """
    for turn in range(TURNS):
        stored = load(store, batch)
        if stored is None:
            return ()
        changed, taken = with_landed(stored.record, is_read)
        if not taken or store.replace(keys.arrivals(batch), changed, stored.etag):
            return taken
        store.pause(turn)
    raise ContentionError(f"arrivals of {batch}")


def with_landed(
    index: Arrivals, is_read: Callable[[str], bool]
) -> tuple[Arrivals, tuple[str, ...]]:
    """The index in which the landed files of datasets that are read count, and their stems."""
    landed, files, taken = dict(index.landed), dict(index.files), []
    for stem, arrival in index.landed.items():
        if is_read(keys.file_of_stem(index.batch, stem).dataset):
            del landed[stem]
            if stem not in files or supersedes(arrival, files[stem]):
                files[stem] = arrival
                taken.append(stem)
    if not taken:
        return index, ()
    generation = index.generation + 1
    return replace(index, files=files, landed=landed, generation=generation), tuple(sorted(taken))


def _change(  # noqa: PLR0913, PLR0917 - what changes, where, and what is known of it
    store: Store,
    batch: str,
    stem: str,
    item: Arrival | Manifest,
    landed: bool = False,
    seen: Seen | None = None,
) -> Arrivals:
    key = keys.arrivals(batch)
    for turn in range(TURNS):
        stored = seen.stored if turn == 0 and seen is not None else load(store, batch)
        if stored is None:
            fresh = with_item(Arrivals(batch, 0, item.accepted_at), stem, item, landed)
            if store.put(key, fresh, look_again=False):
                return fresh
        else:
            changed = with_item(stored.record, stem, item, landed)
            if changed == stored.record:
                return changed
            if store.put(key, changed, stored.etag, look_again=False):
                return changed
        store.pause(turn)
    raise ContentionError(f"arrivals of {batch}")


def with_item(
    index: Arrivals, stem: str, item: Arrival | Manifest, landed: bool = False
) -> Arrivals:
    """The index after one accepted version: pure, idempotent, and blind to the order of events."""
    short = keys.short_version(item.version_id)
    known = index.accepted.get(stem, ())
    if stem != MANIFEST and holder(index, stem) not in {None, item.key}:
        return index
    files = index.landed if landed else index.files
    current = index.manifest if stem == MANIFEST else files.get(stem)
    if short in known and (current is None or not found_above(item, current)):
        return index
    shorts = tuple(sorted({*known, short}))
    noted = replace(index, accepted={**index.accepted, stem: shorts})
    # A file that landed while its dataset was not read is no newer for being read now.
    earlier = [one for one in (current, index.landed.get(stem)) if one is not None]
    if not all(supersedes(item, one) for one in earlier):
        return noted
    listed = index.manifest is not None and stem in index.manifest.files
    if listed or not landed:
        noted = replace(noted, generation=index.generation + 1)
    if isinstance(item, Manifest):
        return replace(noted, manifest=item)
    if landed:
        return replace(noted, landed={**index.landed, stem: item})
    left = {one: arrival for one, arrival in index.landed.items() if one != stem}
    return replace(noted, files={**index.files, stem: item}, landed=left)
