"""From the files of a batch to gold and quarantine files that have passed every check."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lakegate.contract import Contract
from lakegate.transform import checks, plan, verdict
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.protocol import Engine, SilverFile
from lakegate.transform.plan import View
from lakegate.transform.report import Report

Inputs = Mapping[str, Sequence[SilverFile]]


@dataclass(frozen=True)
class Targets:
    """Where a run writes: one URI for each gold table, one per dataset for rejected lines."""

    gold: Mapping[str, str]
    rejected: Mapping[str, str]


def produce(
    engine: Engine, project: Project, inputs: Inputs, targets: Targets, result: Report
) -> None:
    """Writes gold and rejected lines and notes in `result` what became of every line.

    What refers to a dataset without files is not checked, and `result` says so. Raises a JobError
    when an input is missing or empty, when the rows do not balance, when too many were rejected or
    when a check does not hold. What was written is then left, unpublished.
    """
    contract, planned = project.contract, project.plan
    with result.stage("read"):
        engine.read(inputs)
        for view in planned.staging:
            engine.view(_without_check(view, inputs))
        result.unchecked_references = _unchecked(contract, inputs)
        result.datasets = outcomes = _outcomes(engine, inputs)
        verdict.require_lines(outcomes, inputs, contract)
    with result.stage("quarantine"):
        for dataset, counts in outcomes.items():
            if verdict.rejected(counts):
                engine.write_rejected(dataset, targets.rejected[dataset])
    verdict.require_balance(outcomes)
    verdict.require_threshold(outcomes, contract)
    with result.stage("gold"):
        for view in planned.gold:
            if view.name in planned.checks:
                engine.write(view, targets.gold[view.name])
            else:
                engine.view(view)
    with result.stage("check"):
        for table, wanted in planned.checks.items():
            facts, found = checks.run(engine, table, wanted)
            result.gold.setdefault(table, {}).update(facts)
            result.checks += found
        checks.require(result.checks)


def _without_check(view: View, inputs: Inputs) -> View:
    """The view, or an empty one where it would find unknown values of a dataset without files."""
    absent = {plan.unknown(dataset) for dataset, files in inputs.items() if not files}
    if view.name not in absent:
        return view
    sql = f"select * from (\n{view.sql}\n) as unchecked where false"
    return dataclasses.replace(view, sql=sql, each="")


def _unchecked(contract: Contract, inputs: Inputs) -> list[str]:
    """`<dataset>.<column>` of each reference that is not checked for lack of files."""
    return [
        f"{dataset}.{column}"
        for dataset, files in inputs.items()
        for column, to in contract.datasets[dataset].references.items()
        if files and to.unknown == "reject" and not inputs.get(to.dataset)
    ]


def _outcomes(engine: Engine, inputs: Inputs) -> dict[str, dict[str, int]]:
    """Dataset to outcome to number of lines; `read`, `used` and `deduplicated` always."""
    counts = {dataset: {"read": 0, "used": 0, "deduplicated": 0} for dataset in inputs}
    for row in engine.rows(f"select dataset, outcome, line_count from {plan.OUTCOMES}"):
        if row["line_count"]:
            counts[row["dataset"]][row["outcome"]] = int(row["line_count"])
    return counts
