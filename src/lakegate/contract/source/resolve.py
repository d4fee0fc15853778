"""Makes the contract of what was read, with every default filled in."""

from __future__ import annotations

from dataclasses import replace

from lakegate.contract.model import (
    Check,
    Column,
    Contract,
    Dataset,
    Gate,
    Gold,
    GoldTable,
    Limits,
    Reference,
)
from lakegate.contract.source.queries import Queries
from lakegate.contract.source.spec import ColumnSpec, DatasetSpec, GoldTableSpec, ProjectSpec


def contract(spec: ProjectSpec, queries: Queries) -> Contract:
    """The contract of a project without faults."""
    tables = {name: _table(name, table, queries) for name, table in spec.gold_tables.items()}
    whole = Contract(
        project=spec.project,
        engine=spec.engine,
        auto_max_bytes=spec.auto_max_bytes,
        casts=spec.casts,
        max_rejected_ratio=spec.max_rejected_ratio,
        validation=spec.validation,
        limits=Limits(**spec.limits.model_dump()),
        gate=Gate(**spec.gate.model_dump() | {"required": tuple(spec.gate.required or ())}),
        gold=Gold(grace_hours=spec.gold.grace_hours),
        datasets={name: _dataset(dataset, spec) for name, dataset in spec.datasets.items()},
        gold_tables=tables,
        staging=queries.staging,
    )
    if whole.gate.required:
        return whole
    return replace(whole, gate=replace(whole.gate, required=whole.read))


def _dataset(spec: DatasetSpec, whole: ProjectSpec) -> Dataset:
    ratio = spec.max_rejected_ratio
    return Dataset(
        columns=tuple(_column(column, column.name in spec.primary_key) for column in spec.columns),
        description=spec.description,
        primary_key=tuple(spec.primary_key),
        latest_by=spec.latest_by,
        references={
            column: Reference(to.dataset, to.unknown) for column, to in spec.references.items()
        },
        casts=spec.casts or whole.casts,
        max_rejected_ratio=whole.max_rejected_ratio if ratio is None else ratio,
        may_be_empty=spec.may_be_empty,
    )


def _column(spec: ColumnSpec, in_key: bool) -> Column:
    source = tuple(spec.source or ())
    default = spec.default
    if spec.type.startswith("decimal") and default is not None:
        default = str(default)
    return Column(
        name=spec.name,
        type=spec.type,
        description=spec.description,
        required=spec.required or in_key,
        default=default,
        allowed=tuple(spec.allowed or ()),
        source=() if source == (spec.name,) else source,
        epoch=spec.epoch,
    )


def _table(name: str, spec: GoldTableSpec, queries: Queries) -> GoldTable:
    return GoldTable(
        description=spec.description,
        grain=tuple(spec.grain),
        columns=tuple(Column(**column.model_dump()) for column in spec.columns),
        reads=queries.behind((name, *queries.expected[name])),
        totals=dict(spec.totals),
        row_checks=dict(spec.row_checks),
        checks={check: Check(item.found, item.expected) for check, item in spec.checks.items()},
        needs=queries.needs[name],
        sql=queries.marts[name],
    )
