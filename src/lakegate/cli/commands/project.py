"""Commands that work on a project in a folder and know no lake."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lakegate.cli.errors import FailedCasesError, UsageError
from lakegate.cli.terminal.safe import echo, one_line
from lakegate.contract.project import Project
from lakegate.contract.wording import counted
from lakegate.infer import project as projects
from lakegate.infer.errors import InferError
from lakegate.infer.infer import infer
from lakegate.infer.written.contract import contract_text
from lakegate.infer.written.mart import first_mart
from lakegate.transform.errors import JobError, PlanError
from lakegate.transform.sql import SqlError

if TYPE_CHECKING:
    from lakegate.trial.running import Trial

Files = Annotated[list[Path], typer.Argument(help="Data files, or folders of them.")]
Folder = Annotated[Path, typer.Argument(help="The project's folder, or its contract.")]
HERE = Path("config/pipeline.yaml")


def infer_contract(files: Files) -> None:
    """Print the contract that data files suggest, with what was seen."""
    try:
        _, datasets, left_out = infer(files)
        name = projects.project_name(Path.cwd())
        text = contract_text(name, datasets, [first_mart(datasets)])
    except InferError as error:
        raise UsageError(str(error)) from error
    _tell_left_out(left_out)
    echo(text, nl=False)


def new_project(
    project: Annotated[Path, typer.Argument(help="Folder to write, which must not exist.")],
    source: Annotated[str, typer.Option("--from", help="A folder, or files, of data.")] = "",
) -> None:
    """Write a project from data files: contract, first table, sample data and a first case."""
    from lakegate.trial import first  # noqa: PLC0415 - starts DuckDB

    try:
        made = projects.new(project, _paths(source), first.case)
    except InferError as error:
        raise UsageError(str(error)) from error
    _tell_left_out(made.left_out)
    for name in made.files:
        echo(f"  {made.folder / name}")
    echo(f"\nnext: make up PROJECT={shlex.quote(str(made.folder))}")


def print_sql(
    project: Folder = HERE,
    engine: Annotated[str, typer.Option(help="spark or duckdb.")] = "spark",
) -> None:
    """Print all SQL that runs, in its order, generated parts included."""
    from lakegate.transform.listing import listing  # noqa: PLC0415 - starts DuckDB
    from lakegate.transform.sql import resolved  # noqa: PLC0415

    if engine not in ("spark", "duckdb"):
        raise UsageError(f"engine {engine!r} is not one of spark, duckdb")
    found = Project.open(project)
    try:
        echo(listing(resolved(found.contract), engine), nl=False)
    except (SqlError, PlanError) as error:
        raise UsageError(found.located(str(error))) from error


def test_project(project: Folder = HERE) -> None:
    """Run the cases of a project on DuckDB."""
    from lakegate.trial import cases  # noqa: PLC0415 - starts DuckDB
    from lakegate.trial.running import Trial  # noqa: PLC0415

    found = Project.open(project)
    paths = cases.paths(found.tests)
    if not paths:
        echo(f"no cases: there is no {found.tests}/<table>/<case>.yaml")
        return
    try:
        trial = Trial(found.contract)
        failed = sum(not _holds(trial, path, found) for path in paths)
    except (SqlError, PlanError) as error:
        raise UsageError(found.located(str(error))) from error
    cases_ = counted(len(paths), "case")
    echo(f"{len(paths) - failed} of {cases_} {'holds' if len(paths) == 1 else 'hold'}")
    if failed:
        raise FailedCasesError(f"{failed} of {cases_} {'fails' if len(paths) == 1 else 'fail'}")


def _holds(trial: Trial, path: Path, project: Project) -> bool:
    """Whether a case holds; what is otherwise, or wrong with it, is printed."""
    from lakegate.trial import cases  # noqa: PLC0415 - as above
    from lakegate.trial.errors import CaseError  # noqa: PLC0415

    try:
        case = cases.load(path, project.contract.datasets, trial.relations)
        told = trial.differences(case)
    except CaseError as error:
        told = [cases.placed(path, error)]
    except JobError as error:
        told = [f"{path}: {error}"]
    echo(one_line(f"{'FAIL' if told else 'ok  '} {path.parent.name}/{path.stem}"))
    for line in told:
        echo(f"       {line}")
    return not told


def _tell_left_out(names: Sequence[str]) -> None:
    for name in names:
        echo(f"left out {one_line(name)}", err=True)


def _paths(text: str) -> list[Path]:
    """One path with blanks in it, or several, patterns such as `*.csv` among them."""
    if not text.strip():
        raise InferError("FROM is empty: name a folder, or files, of data")
    whole = Path(text)
    if whole.exists():
        return [whole]
    try:
        parts = shlex.split(text)
    except ValueError:  # an apostrophe in a name
        parts = [text]
    return [Path(name) for part in parts for name in _matching(part)]


def _matching(part: str) -> list[str]:
    """The file of that very name, or those that it is a pattern of, or what is no file."""
    if Path(part).exists():
        return [part]
    return sorted(glob(part)) or [part]  # noqa: PTH207 - takes any text
