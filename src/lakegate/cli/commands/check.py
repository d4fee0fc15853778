"""What would become of files, told before they are uploaded; nothing leaves this machine."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from lakegate import contract
from lakegate.cli import settings
from lakegate.cli.actions.upload import expanded
from lakegate.cli.errors import RefusedError, UsageError
from lakegate.cli.terminal import plain
from lakegate.cli.terminal.safe import echo, one_line
from lakegate.contract.wording import counted
from lakegate.files.verdict import Rejected
from lakegate.files.verdicts.offline import Checked, check

FORMATS = ("text", "json")


def check_files(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(help="Files, or folders of them, as they would be uploaded.")
    ],
    dataset: Annotated[
        str | None, typer.Option(help="The dataset they are of, whatever they are called.")
    ] = None,
    project: Annotated[
        Path | None, typer.Option(help="The project's folder, or its contract.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Tell the verdict on files before their upload; exits with 5 if one would be refused."""
    if form not in FORMATS:
        raise UsageError(f"--format {form!r} is not one of {', '.join(FORMATS)}")
    named = project or (context.parent.params.get("config") if context.parent else None)
    rules = contract.load(named or settings.contract_path(Path.cwd(), os.environ))
    if dataset is not None and dataset not in rules.datasets:
        raise UsageError(f"{dataset!r} is not one of {', '.join(rules.datasets)}")
    paths = expanded(files, rules)
    if absent := [str(path) for path in paths if not path.is_file()]:
        raise UsageError(f"no such file: {', '.join(absent)}")
    if not paths:
        raise UsageError(f"no file named as data in {', '.join(map(str, files))}")
    found = [check(rules, path, dataset) for path in paths]
    if form == "json":
        echo(plain.text([_document(item) for item in found]))
    else:
        for item in found:
            echo("\n".join(_lines(item)))
    if refused := [item.path.name for item in found if item.is_refused]:
        raise RefusedError(f"would be refused: {', '.join(refused)}")


def _document(item: Checked) -> dict[str, Any]:
    verdict = item.verdict
    document = {
        field.name: getattr(item, field.name)
        for field in dataclasses.fields(item)
        if field.name != "verdict"
    }
    told: dict[str, Any] = {"verdict": "ignored" if verdict is None else "accepted"}
    if isinstance(verdict, Rejected):
        told = {"verdict": "rejected", **verdict.told()}
    return {**document, **told}


def _lines(item: Checked) -> list[str]:
    verdict, path = item.verdict, one_line(str(item.path))
    if verdict is None:
        return [f"{path}: ignored, as what tools leave beside files"]
    if not isinstance(verdict, Rejected):
        told = [f"{path}: accepted"]
    else:
        place = f", line {verdict.line}" if verdict.line else ""
        told = [f"{path}: rejected: {verdict.code.value}{place}", f"  {verdict.code.meaning}"]
        told += [f"  found: {one_line(verdict.detail)}"] if verdict.detail else []
        fix = (verdict.fix or verdict.code.fix).split("\n")
        told += [f"  do: {fix[0]}", *(f"      {line}" for line in fix[1:])]
    if item.shape:
        parts = [item.shape, item.encoding, item.compression, f"{item.casts} casts"]
        held = ", ".join(part for part in parts if part and part != " casts")
        told.append(f"  {item.dataset or 'manifest'}: {held}; {counted(item.lines, 'line')}")
    told += [
        f"  {counted(count, 'line')} the job sets aside: {name}" for name, count in item.bad.items()
    ]
    for name, count in item.nulled.items():
        told.append(f"  {counted(count, 'value')} become{'s' * (count == 1)} null: {name}")
    if item.run_refused and not isinstance(verdict, Rejected):
        told.append("  more lines are bad than max_rejected_ratio allows: its run would be refused")
    return told
