"""Zips that are the same bytes every time.

Entries are stored, not deflated: zlib's output differs between its versions, stored bytes do not.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from lakegate.packing.errors import BuildError

SUFFIXES = frozenset({".py", ".sql"})
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
MODE = 0o100644 << 16
NEEDED_BY_BUILDS = (
    "glue_jobs/sql/",
    "lakegate/contract/source/",
    "lakegate/transform/check_queries.py",
    "lakegate/transform/render.py",
)


def code(source: Path, packages: Sequence[str]) -> dict[str, bytes]:
    """Archive name to content of every code file of the packages. Raises BuildError without any."""
    found: dict[str, bytes] = {}
    for top in {package.partition("/")[0] for package in packages if "/" in package}:
        found[f"{top}/__init__.py"] = (source / top / "__init__.py").read_bytes()
    for package in packages:
        files = [path for path in (source / package).rglob("*") if path.suffix in SUFFIXES]
        if not files:
            raise BuildError(f"{source / package}: the package is missing or empty")
        found |= {path.relative_to(source).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in found.items() if not name.startswith(NEEDED_BY_BUILDS)}


def pack(target: Path, content: Mapping[str, bytes]) -> Path:
    """A zip that depends on names and bytes alone, put in place in one step."""
    partial = target.with_name(f".{target.name}.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(content):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 3  # Unix, on every machine
            info.external_attr = MODE
            archive.writestr(info, content[name])
    partial.replace(target)
    return target
