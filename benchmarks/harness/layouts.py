"""The generator's rows in other files: with dirt, and as others write them.

`python -m benchmarks.harness.layouts FOLDER` writes both beside the files of a folder. "As others
write them" is: the keys in the reverse order, two more fields of which one is nested, blanks behind
`:` and `,`, and in a tenth of the lines a character that is written as an escape.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import typer

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = {"dirt": "0.5 % dirt", "others": "as others write them"}  # folders, and what is in them
DIRT = 0.005  # bad lines to a good one
ESCAPED = 10  # each such line has an escape
FIELD = re.compile(r'("\w+"):("(?:[^"\\]|\\.)*"|[^,}]+)')
MORE = ('"source": "web"', '"context": {"ip": "10.0.0.7", "tags": ["a", 1]}')
FIRST_LETTER = re.compile(r'(?<=: ")[A-Za-z]')


def main(folder: Path) -> None:
    """Write both layouts into `dirt` and `others` of a folder that the generator wrote."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    found = expected["request"]
    generator = [sys.executable, str(ROOT / "scripts" / "generate_data.py"), "--dirt", str(DIRT)]
    wanted = ["--rows", str(found["rows"]), "--seed", str(found["seed"])]
    subprocess.run([*generator, *wanted, "--out", str(folder / "dirt")], check=True)
    out = folder / "others"
    out.mkdir(exist_ok=True)
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(_write, folder, out), expected["datasets"]))
    shutil.copy(folder / "expected.json", out)
    typer.echo(f"the same rows as others write them in {out}")


def as_others(line: str, number: int) -> str:
    """A line of the generator's, its values written as they were."""
    fields = [f"{key}: {value}" for key, value in reversed(FIELD.findall(line))]
    text = f"{{{', '.join([*fields, *MORE])}}}\n"
    return text if number % ESCAPED else FIRST_LETTER.sub(_escape, text, count=1)


def _escape(letter: re.Match[str]) -> str:
    return f"\\u{ord(letter[0]):04x}"


def _write(folder: Path, out: Path, name: str) -> None:
    with (
        (folder / f"{name}.json").open(encoding="utf-8") as lines,
        (out / f"{name}.json").open("w", encoding="utf-8") as found,
    ):
        found.writelines(as_others(line, number) for number, line in enumerate(lines))


if __name__ == "__main__":
    typer.run(main)
