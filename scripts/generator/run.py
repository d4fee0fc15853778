"""Spreads the files of a data set over the processors and collects the counts."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from scripts.generator.dirt import expected
from scripts.generator.dirt.expected import Tally
from scripts.generator.dirt.plan import Dirt
from scripts.generator.errors import GeneratorError
from scripts.generator.files import Share, remove_old, shares, write_manifest, write_share
from scripts.generator.tables.rows import Source

_IN_PROCESS_ROWS = 20_000  # below this, starting processes takes longer than the work
_BYTES_PER_ROW = 220
_POLL_SECONDS = 0.2

_written: Synchronized[int]


@dataclass(frozen=True)
class Request:
    """What to write: good rows, bad lines between them, files per dataset."""

    source: Source
    dirt: Dirt
    parts: int = 1

    def document(self) -> dict[str, Any]:
        """As it stands in expected.json."""
        return {
            "rows": self.source.rows,
            "seed": self.source.seed,
            "parts": self.parts,
            "dirt": dict(self.dirt.by_family),
        }


def generate(
    request: Request, out: Path, workers: int | None, progress: Callable[[int], None]
) -> dict[str, Tally]:
    """Write all files, the manifest (if in parts) and expected.json into `out`.

    `progress` hears of the total of rows written so far. Raises GeneratorError for a request that
    cannot be met; a run that fails or is stopped leaves no files.
    """
    source = request.source
    work = shares(source.contract, source.rows, request.parts)
    _make_room(out, source.rows * len(source.contract.datasets))
    remove_old(source.contract, out)
    tallies = {name: Tally() for name in source.contract.datasets}
    workers = min(workers or os.cpu_count() or 1, len(work))
    try:
        if source.rows < _IN_PROCESS_ROWS or workers == 1:
            results = _here(request, work, out, progress)
        else:
            results = _spread(request, work, out, workers, progress)
        for share, tally in zip(work, results, strict=True):
            tallies[share.dataset].add(tally)
        if request.parts > 1:
            write_manifest(source.contract, work, out)
        expected.write(out / expected.NAME, request.document(), tallies)
    except BaseException:
        remove_old(source.contract, out)
        raise
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
    request: Request, work: list[Share], out: Path, progress: Callable[[int], None]
) -> list[Tally]:
    done = 0

    def wrote(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done)

    return [write_share(request.source, request.dirt, share, out, wrote) for share in work]


def _spread(
    request: Request, work: list[Share], out: Path, workers: int, progress: Callable[[int], None]
) -> list[Tally]:
    counter: Synchronized[int] = multiprocessing.Value("q", 0)
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(counter,)) as pool:
        tasks: list[Future[Tally]] = [pool.submit(_one, request, share, out) for share in work]
        try:
            pending = set(tasks)
            while pending:
                _, pending = wait(pending, timeout=_POLL_SECONDS, return_when=FIRST_EXCEPTION)
                progress(counter.value)
                if any(task.done() and task.exception() for task in tasks):
                    break
            return [task.result() for task in tasks]
        except BrokenProcessPool as error:
            raise GeneratorError("a process of the generator was killed from outside") from error
        except BaseException:
            for task in tasks:
                task.cancel()
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _begin(counter: Synchronized[int]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    global _written  # noqa: PLW0603 - how a pool's worker gets what cannot be sent with a task
    _written = counter


def _one(request: Request, share: Share, out: Path) -> Tally:
    def wrote(rows: int) -> None:
        with _written.get_lock():
            _written.value += rows

    return write_share(request.source, request.dirt, share, out, wrote)
