"""Gold is read without threads, of which one may abort the process that ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

READ = """
import os, pathlib, sys
from types import SimpleNamespace as Some
from lakegate.cli.reads import gold

content = pathlib.Path(sys.argv[1]).read_bytes()
lake = Some(
    settings=Some(gold_bucket="gold"),
    objects=lambda *_: [Some(key="a.parquet"), Some(key="b.parquet")],
    read=lambda *_: content,
)
before = os.listdir("/proc/self/task")
rows = gold.head(lake, "", 3)
assert rows == [{"n": 1}, {"n": 2}, {"n": 1}], rows
assert os.listdir("/proc/self/task") == before
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
def test_no_thread_is_left_that_could_hold_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"n": [1, 2]}), path)
    subprocess.run([sys.executable, "-c", READ, str(path)], check=True)
