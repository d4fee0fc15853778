"""Spreads the files of a data set over the processors and collects the counts."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from scripts.generator import expected
from scripts.generator.errors import GeneratorError
from scripts.generator.expected import Tally
from scripts.generator.files import Share, remove_old, shares, write_manifest, write_share
from scripts.generator.rows import Source

_IN_PROCESS_ROWS = 20_000  # below this, starting processes takes longer than the work
_BYTES_PER_ROW = 220
_POLL_SECONDS = 0.2

_written: Synchronized[int]


def generate(
    source: Source, out: Path, parts: int, workers: int | None, progress: Callable[[int], None]
) -> dict[str, Tally]:
    """Write all files, the manifest (if in parts) and expected.json into `out`.

    `progress` hears of the total of rows written so far. Raises GeneratorError for a request that
    cannot be met; an interrupted run leaves no expected.json.
    """
    work = shares(source.contract, source.rows, parts)
    _make_room(out, source.rows * len(source.contract.datasets))
    remove_old(source.contract, out)
    tallies = {name: Tally() for name in source.contract.datasets}
    workers = min(workers or os.cpu_count() or 1, len(work))
    if source.rows < _IN_PROCESS_ROWS or workers == 1:
        results = _here(source, work, out, progress)
    else:
        results = _spread(source, work, out, workers, progress)
    for share, tally in zip(work, results, strict=True):
        tallies[share.dataset].add(tally)
    if parts > 1:
        write_manifest(source.contract, work, out)
    request: dict[str, Any] = {"rows": source.rows, "seed": source.seed, "parts": parts}
    expected.write(out / expected.NAME, request, tallies)
    return tallies


def _make_room(out: Path, rows: int) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GeneratorError(f"OUT={out}: {error.strerror}") from error
    free, need = shutil.disk_usage(out).free, rows * _BYTES_PER_ROW
    if need > free:
        raise GeneratorError(
            f"OUT={out}: {need / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free"
        )


def _here(
    source: Source, work: list[Share], out: Path, progress: Callable[[int], None]
) -> list[Tally]:
    done = 0

    def wrote(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done)

    return [write_share(source, share, out, wrote) for share in work]


def _spread(
    source: Source, work: list[Share], out: Path, workers: int, progress: Callable[[int], None]
) -> list[Tally]:
    counter: Synchronized[int] = multiprocessing.Value("q", 0)
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(counter,)) as pool:
        tasks: list[Future[Tally]] = [pool.submit(_one, source, share, out) for share in work]
        try:
            pending = set(tasks)
            while pending:
                _, pending = wait(pending, timeout=_POLL_SECONDS, return_when=FIRST_EXCEPTION)
                progress(counter.value)
                if any(task.done() and task.exception() for task in tasks):
                    break
            return [task.result() for task in tasks]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _begin(counter: Synchronized[int]) -> None:
    global _written  # noqa: PLW0603 - how a pool's worker gets what cannot be sent with a task
    _written = counter


def _one(source: Source, share: Share, out: Path) -> Tally:
    def wrote(rows: int) -> None:
        with _written.get_lock():
            _written.value += rows

    return write_share(source, share, out, wrote)
