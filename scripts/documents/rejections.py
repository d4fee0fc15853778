"""Writes docs/rejections.md from the rejection codes, so that page and code cannot disagree."""

from __future__ import annotations

from pathlib import Path

from lakegate.files.reasons import Code

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rejections.md"
HEAD = """\
# Why a file was refused, and what to do

A refused upload stays in bronze as it is. Beside it, quarantine gets one record,
`files/<batch>/<name>.<version>.json`, that says why. An upload whose name says nothing is recorded
under the batch `_unknown`. Correct the file and upload it again under the same name: the new
version is judged by itself, and the batch goes on as soon as it is complete. A version has one
verdict: one that was accepted is not refused when it is delivered again, not even when its object
is gone or the contract has changed by then.

The batch `default` is that of the files without a folder. `default/users.json` is refused, because
it would be a second key for the file `users.json`, and S3 tells the order of the versions of one
key only.

`orders.json` and `orders.csv.gz` of one batch are two names of one file. The first that was
accepted holds for the batch, the other is `name_taken`; a refused file holds nothing. What tools
leave beside files is ignored, without a record: names of which a part begins with `_` or `.`, and
names that end in `/`, `_$folder$`, `.crc` or `.tmp`.

The record has the fields `code`, `meaning`, `detail` (what was found), `fix` (what to do), `offset`
(of the first offending byte, from 0), `line` (from 1; null where it is not known), `totals` (lines
by reason), `offences` (the first 20 offending lines, with `validation: full`), `source` (bucket,
key, version_id, etag, size in bytes, sequencer), `contract_version`, `contract` (the hash of the
rules, as in a run's report), `validation` and `rejected_at`. It never holds content of the file,
but for the names of its keys; a value is shown
by its form, letters and digits masked. Of a file that is converted, `line` counts the records and
`offset` is null.

`lakegate check <files>` says all this before the upload, offline and from the same code, and which
columns would be null. It exits with 5 if a file would be refused; `--format json` is for programs.

## What is accepted

Content decides, not the suffix. Plain JSON Lines in UTF-8 are copied on the side of S3. Converted
on their way to silver are: one array; objects one after the other, on one line or over many; one
object around one array of objects (that under the dataset's name, else the only one there is); CSV
with a header, with commas, semicolons or tabs (RFC 4180, its lines ended by LF, CR LF or CR; empty
and unquoted is null; its casts are lenient); all of that in gzip, with a byte order mark, or in
UTF-16. `data/valid/` has an example for each.

A file holds lines if the first line that is JSON holds exactly one value; otherwise its values
stand one after the other. Tokens stay as they were written: no number is parsed and printed again.
Silver gets the whole file or nothing. `limits.max_convert_bytes` bounds what may come out of a
conversion; plain lines are bounded by `limits.max_bytes` alone.

## One line, one judgement

A line that is malformed, or whose *required* fields are missing or wrong, is a bad row wherever it
stands, and so is a broken record in an array or a CSV; the job sets it aside. A file is refused for
its bad rows only when they are more than `max_rejected_ratio` allows, and bears the code of the
fault that most of them have. A file whose end is cut off is refused whole. Optional fields are
never a reason: what is wrong there becomes null.

By default the first and the last 64 KiB are read (`validation: sampled`). A file that fits these
windows is judged exactly. A larger one is refused for its lines when no good one was seen, or more
bad ones than the ratio allows for the number of lines that the size lets expect: with 400 good
lines and 5 bad ones in windows that are a tenth of the file, some 4,050 lines are expected, of
which 40 may be bad, so it passes, and the run decides. `validation: full` in `pipeline.yaml` reads
every line.

Reading further than 64 KiB happens once more at either end where no line ends within; a file whose
lines are that long costs up to two requests more.

`full` stops where so many lines are bad that no rest of the file can outweigh them. A file above
`limits.max_full_bytes` (2 GiB, so that a slow day does no harm) is `too_large` at once. Where the
time of a call is over all the same, that is trouble and no verdict: nobody knows the rest of the
file. The error says how far the call came; give the function more time (`lambda_timeout`, together
with `gate.claim_stale_seconds`) or memory, have the file uploaded in parts, or lower
`max_full_bytes`.

Trouble with AWS (a missing permission, throttling, a time-out) is never a reason either. It raises,
the platform retries, and what still fails goes to the dead-letter queue.

## The codes

`data/invalid/` has an example for each code.

| code | what was seen | what to do |
| --- | --- | --- |
"""


def render() -> str:
    """The whole page."""
    rows = (f"| `{code.value}` | {_cell(code.meaning)} | {_cell(code.fix)} |\n" for code in Code)
    return HEAD + "".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
