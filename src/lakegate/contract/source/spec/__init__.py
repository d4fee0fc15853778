"""Every key of `pipeline.yaml`: its type, its default and what it means.

The one place where this stands: loading, `docs/pipeline.schema.json` and `docs/contract.md` are
made from it.
"""

from lakegate.contract.source.spec.bounds import GateSpec, GoldSpec, LimitsSpec
from lakegate.contract.source.spec.dataset import ColumnSpec, DatasetSpec, ReferenceSpec
from lakegate.contract.source.spec.parts import Section
from lakegate.contract.source.spec.project import NEEDED, ProjectSpec
from lakegate.contract.source.spec.table import CheckSpec, GoldColumnSpec, GoldTableSpec

__all__ = [
    "NEEDED",
    "CheckSpec",
    "ColumnSpec",
    "DatasetSpec",
    "GateSpec",
    "GoldColumnSpec",
    "GoldSpec",
    "GoldTableSpec",
    "LimitsSpec",
    "ProjectSpec",
    "ReferenceSpec",
    "Section",
]
