"""Says what a build holds and what it was made from, so that Terraform refuses a stale one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NAME = "manifest.json"
VERSION = 1


@dataclass(frozen=True)
class Sources:
    """Files of a folder that a build depends on: those that `pattern` finds, in Terraform's words.

    `names` are the same files, found here.
    """

    folder: Path
    pattern: str
    names: tuple[Path, ...]

    @classmethod
    def code(cls, folder: Path, suffixes: Iterable[str]) -> Sources:
        """Every file below the folder with one of the suffixes, which are given with their dot."""
        endings = sorted(suffixes)
        pattern = f"**/*.{{{','.join(ending[1:] for ending in endings)}}}"
        found = [path for path in folder.rglob("*") if path.suffix in endings and path.is_file()]
        return cls(folder, pattern, tuple(found))

    @classmethod
    def file(cls, path: Path) -> Sources:
        """One file."""
        return cls(path.parent, path.name, (path,))

    @property
    def sha256(self) -> str:
        """One hash over names and contents; Terraform takes it again with fileset()."""
        lines = {path.relative_to(self.folder).as_posix(): sha256(path) for path in self.names}
        text = "".join(f"{name} {lines[name]}\n" for name in sorted(lines))
        return hashlib.sha256(text.encode()).hexdigest()


def write(out: Path, artifacts: Iterable[Path], sources: Iterable[Sources]) -> Path:
    """Writes `manifest.json` beside the artifacts, which all lie in `out`."""
    document = {
        "version": VERSION,
        "artifacts": {path.name: sha256(path) for path in artifacts},
        "sources": [
            {
                "folder": os.path.relpath(source.folder.resolve(), out.resolve()),
                "pattern": source.pattern,
                "sha256": source.sha256,
            }
            for source in sources
        ],
    }
    target = out / NAME
    target.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return target


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
