"""Writes docs/rejections.md from the rejection codes, so that page and code cannot disagree."""

from __future__ import annotations

from pathlib import Path

from lakegate.files.reasons import Code

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rejections.md"
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

The record has the fields `code`, `meaning`, `detail`, `fix` (the advice below), `offset` (of the
first offending byte, from 0), `line` (from 1; null where it is not known), `totals` (lines by
reason), `offences` (the first 20 offending lines, with `validation: full`), `source` (bucket, key,
version_id, etag, size in bytes, sequencer), `contract_version`, `validation` and `rejected_at`. It
never holds content of the file.

By default the first and the last 64 KiB are read (`validation: sampled`); `validation: full` in
`config/pipeline.yaml` reads every line. One line that is not an object in plain JSON refuses its
file; lines whose *required* fields are missing or wrong do so only when their share exceeds
`max_rejected_ratio`, because the job sets such rows aside by itself. Optional fields are never a
reason: what is wrong there becomes null.

What every line of a file is accepted for, the job reads without setting a row aside for what it
is, and the reverse, with two exceptions on the careful side: `too_deep` and `line_too_long`, which
the job can live with where its own fields are in order. A number out of range is a wrong value of
its column, and nothing at all where no column has it; a key that stands twice counts in the
outermost object only.

Reading further than 64 KiB happens once more at either end where no line ends within; a file whose
lines are that long costs up to two requests more.

`full` reads some 140 MB in a second of one full processor, which Lambda gives at 1,769 MB of
memory; the 512 MB that the validator has by default give 0.29 of one, hence some 40 MB a second and
6 GB in the time of a call, 150 s. A file above `limits.max_full_bytes` (2 GiB, so that a slow day
does no harm) is `too_large` at once. Where the time of a call is over all the same, that is trouble
and no verdict: nobody knows the rest of the file. The error says how far the call came; give the
function more time (`functions.timeout`, with `gate.claim_stale_seconds`) or memory, have the
file uploaded in parts, or lower `max_full_bytes`.

Trouble with AWS (a missing permission, throttling, a time-out) is never a reason either. It raises,
the platform retries, and what still fails goes to the dead-letter queue.

`data/invalid/` has an example for each code.

| code | what was seen | what to do |
| --- | --- | --- |
"""


def render() -> str:
    """The whole page."""
    rows = (f"| `{code.value}` | {code.meaning} | {_cell(code.fix)} |\n" for code in Code)
    return HEAD + "".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
