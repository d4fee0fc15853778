"""Which files belong to a project: those below its folder, or in the git checkout it lies in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


class OutsideError(ValueError):
    """A path that leaves the project."""


def folder(project: Path, relative: str) -> Path:
    """The folder that a key of the contract names; it need not exist. Raises OutsideError."""
    if Path(relative).is_absolute() or relative.startswith("~"):
        raise OutsideError(f"{relative!r} is not relative to the project's folder")
    return inside(project, project / relative)


def inside(project: Path, path: Path) -> Path:
    """Where a path really leads, symbolic links followed, if that belongs to the project."""
    try:
        root, real = project.resolve(), path.resolve()
        real.exists()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL, too long a name
        raise OutsideError(f"{str(path)[:200]!r} leads nowhere") from error
    checkout = _checkout(root)
    if real.is_relative_to(root) or (checkout is not None and checkout == _checkout(real)):
        return real
    raise OutsideError(f"{path} leads to {real}, outside of the project and of its git checkout")


def files(project: Path, where: Path) -> Iterator[Path]:
    """The files of a folder by name, hidden ones left out. OutsideError for a link that leaves."""
    if where.is_dir():
        for path in sorted(where.iterdir()):
            if path.is_file() and not path.name.startswith("."):
                inside(project, path)
                yield path


def _checkout(path: Path) -> Path | None:
    return next((one for one in (path, *path.parents) if (one / ".git").exists()), None)
