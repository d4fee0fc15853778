"""`python -m scripts.examples [folder]`: the sample data of every example."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.examples import flights, sensors

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path) -> None:
    """Writes `<example>/sample_data/…` below a folder."""
    for example in (flights, sensors):
        target = folder / example.NAME / "sample_data"
        target.mkdir(parents=True, exist_ok=True)
        for name, content in example.files().items():
            (target / name).write_bytes(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples")
