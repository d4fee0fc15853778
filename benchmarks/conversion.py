"""The conversion of files of 1 MB, 100 MB and 1 GB in each shape: processor time and memory.

`python -m benchmarks.conversion` converts in processes of their own, from memory and into uploads
that go nowhere, so that it is the conversion that is measured and no network. Sizes are those of
the text that is converted; a CSV of 1 GB is taken down to what makes lines within the limit.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer

from benchmarks.harness.figures import machine, report, spread
from benchmarks.validator import ROOT, SAMPLE, _peak_mib
from lakegate.contract import load
from lakegate.files.convert.chain import Conversion
from lakegate.files.convert.silver import Upload
from lakegate.files.verdict import Accepted
from lakegate.files.verdicts.watch import watching

MEGABYTE = 10**6


@dataclass(frozen=True)
class Measured:
    """One shape at one size: megabytes of its text, of its lines, and what they took."""

    shape: str
    megabytes: float
    written_megabytes: float
    cpu_seconds: dict[str, float]
    mb_per_cpu_second: float
    peak_memory_mib: float


@dataclass(frozen=True)
class Run:
    """What one conversion took."""

    text: int
    lines: int
    cpu_seconds: float
    peak_mib: float


class Nowhere:
    """S3 as far as an upload asks, which keeps nothing."""

    def __getattr__(self, name: str) -> Callable[..., dict[str, str]]:
        return lambda **_: {"ETag": "", "UploadId": "nowhere"}


def main(
    sizes: Annotated[str, typer.Option(help="Megabytes, by commas.")] = "1,100,1000",
    repeats: Annotated[int, typer.Option(min=1, help="Rounds.")] = 3,
    out: Annotated[Path | None, typer.Option(help="Also write the result there.")] = None,
) -> None:
    """Measure, and print JSON."""
    runs: dict[tuple[str, int], list[Run]] = {}
    for _, shape, size in itertools.product(range(repeats), SHAPES, map(int, sizes.split(","))):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            runs.setdefault((shape, size), []).append(pool.apply(convert, (shape, size)))
    measured = [_measured(shape, found) for (shape, _), found in runs.items()]
    result: dict[str, Any] = {
        "benchmark": "conversion",
        "machine": machine(),
        "repeats": repeats,
        "measured": [asdict(one) for one in measured],
    }
    report(result, out)


def _measured(shape: str, runs: list[Run]) -> Measured:
    seconds = median(run.cpu_seconds for run in runs)
    return Measured(
        shape,
        round(runs[0].text / MEGABYTE, 1),
        round(runs[0].lines / MEGABYTE, 1),
        spread([run.cpu_seconds for run in runs], 3),
        round(runs[0].text / MEGABYTE / seconds, 1),
        round(median(run.peak_mib for run in runs), 1),
    )


def convert(shape: str, megabytes: int) -> Run:
    """One conversion in this process, with the verdict on its lines."""
    contract = load(ROOT / "config" / "pipeline.yaml")
    rows = [json.loads(line) for line in SAMPLE.read_bytes().splitlines()]
    begin, block, end, unpacked = SHAPES[shape](rows)
    # The limit is 1 GiB of text as of lines.
    grows = LINES_OF_CSV if shape.endswith("csv") and megabytes > SMALLEST_LIMITED else 1
    times = int(megabytes * MEGABYTE / (unpacked * grows)) or 1
    read = partial(_again, begin, block, times, end)
    begun = time.process_time()
    conversion = Conversion(read, "orders", contract.datasets["orders"], contract.limits)
    watch = None
    with Upload(Nowhere(), "silver", "key") as upload:  # type: ignore[arg-type]
        for lines in conversion.lines():
            watch = watch or watching(contract, "orders", conversion.content)
            watch.feed(lines)
            upload.write(lines)
        assert watch is not None
        verdict = watch.verdict()
        upload.finish()
    assert isinstance(verdict, Accepted), verdict
    seconds = time.process_time() - begun
    return Run(conversion.unpacked, upload.size, seconds, _peak_mib())


# Bytes of lines that come of one byte of CSV, at most.
LINES_OF_CSV = 2.5
SMALLEST_LIMITED = 400

Parts = tuple[bytes, bytes, bytes, int]


def _again(begin: bytes, block: bytes, times: int, end: bytes) -> Iterator[bytes]:
    return itertools.chain([begin], itertools.repeat(block, times), [end])


def _array(rows: list[Any]) -> Parts:
    block = b",".join(json.dumps(row).encode() for row in rows) + b","
    return b"[", block, json.dumps(rows[0]).encode() + b"]", len(block)


def _deep(rows: list[Any]) -> Parts:
    return _array([{**row, "more": _nested(row, 3)} for row in rows])


def _nested(row: Any, depth: int) -> Any:
    return {"of": [row["order_id"], {"in": _nested(row, depth - 1)}]} if depth else row["user_id"]


def _pretty(rows: list[Any]) -> Parts:
    block = b",\n".join(json.dumps(row, indent=2).encode() for row in rows) + b",\n"
    return b"[\n", block, json.dumps(rows[0], indent=2).encode() + b"\n]", len(block)


def _stream(rows: list[Any]) -> Parts:
    block = b"".join(json.dumps(row).encode() for row in rows)
    return b"", block, b"", len(block)


def _wrapped(rows: list[Any]) -> Parts:
    begin, block, end, size = _array(rows)
    return b'{"orders":' + begin, block, end + b"}", size


def _gzip(rows: list[Any]) -> Parts:
    block = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    return b"", gzip.compress(block, 6), b"", len(block)


def _gzip_array(rows: list[Any]) -> Parts:
    begin, block, end, size = _array(rows)
    return gzip.compress(begin), gzip.compress(block, 6), gzip.compress(end), size


def _utf16(rows: list[Any]) -> Parts:
    block = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    return b"\xff\xfe", block.decode().encode("utf-16-le"), b"", len(block)


def _escaped_csv(rows: list[Any]) -> Parts:
    """As many short texts again, with a quote and a backslash in each."""
    notes = [{f"note_{number}": f'{number} "\\' for number in range(len(row))} for row in rows]
    return _csv([row | more for row, more in zip(rows, notes, strict=True)], csv.QUOTE_ALL)


def _csv(rows: list[Any], quoting: Any) -> Parts:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=quoting)
    names = list(rows[0])
    cells = [["" if row.get(name) is None else row[name] for name in names] for row in rows]
    writer.writerows(cells)
    block = text.getvalue().encode()
    return ",".join(names).encode() + b"\n", block, b"", len(block)


SHAPES: dict[str, Callable[[list[Any]], Parts]] = {
    "array": _array,
    "deep array": _deep,
    "pretty array": _pretty,
    "stream": _stream,
    "wrapped": _wrapped,
    "gzip of lines": _gzip,
    "gzip of array": _gzip_array,
    "UTF-16": _utf16,
    "csv": partial(_csv, quoting=csv.QUOTE_MINIMAL),
    "quoted csv": partial(_csv, quoting=csv.QUOTE_ALL),
    "escaped csv": _escaped_csv,
}


if __name__ == "__main__":
    typer.run(main)
