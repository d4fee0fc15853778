"""Which project a command is for, and where its state lies."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from lakegate.contract import ContractError
from lakegate.contract.project import Project
from local.errors import LocalError
from local.places import PROJECTS, ROOT, Places, short

DEFAULT = ROOT / "config"


def claimed(project: Project, places: Places) -> Places:
    """The places, noted as the project's. LocalError when they are those of another folder."""
    _require_own(project, places)
    places.folder.mkdir(parents=True, exist_ok=True)
    places.project_file.write_text(str(project.folder.resolve()))
    return places


def places_for(project: Project) -> Places:
    """Where the state of a project lies."""
    return Places(PROJECTS / project.contract.project)


def places_of(folder: Path) -> Places:
    """Where the state of the project in a folder lies, also if its contract is broken by now.

    LocalError when nothing tells, and when they are those of another folder.
    """
    for places in known():
        if _owner(places) == str(folder.resolve()):
            return places
    try:
        project = Project.open(folder)
    except ContractError as error:
        raise LocalError(f"{folder} was never brought up", str(error)) from error
    places = places_for(project)
    _require_own(project, places)
    return places


def known() -> Iterator[Places]:
    """The places of every project that was brought up here."""
    return (Places(path.parent) for path in sorted(PROJECTS.glob("*/project")))


def option(folder: Path) -> str:
    """` PROJECT=…` as a command needs it for a project, nothing for the default one."""
    resolved = folder.resolve()
    return "" if resolved == DEFAULT else f" PROJECT={shlex.quote(str(short(resolved)))}"


def option_of(places: Places) -> str:
    """The same for places."""
    owner = _owner(places)
    return option(Path(owner)) if owner else ""


def _require_own(project: Project, places: Places) -> None:
    owner = _owner(places)
    if owner not in {"", str(project.folder.resolve())}:
        raise LocalError(
            f"the state of a project called {project.contract.project} belongs to {owner}",
            f"give this one another name, `project:` in {project.path}, "
            f"or run: make clean PROJECT={shlex.quote(owner)}",
        )


def _owner(places: Places) -> str:
    try:
        return places.project_file.read_text()
    except FileNotFoundError:
        return ""
