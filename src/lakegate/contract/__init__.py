"""The contract of a project: one model for validator, job, generator and Terraform."""

from lakegate.contract.errors import ContractError
from lakegate.contract.load import from_json, load, to_json
from lakegate.contract.model import Check, Column, Contract, Dataset, GoldTable, Reference

__all__ = [
    "Check",
    "Column",
    "Contract",
    "ContractError",
    "Dataset",
    "GoldTable",
    "Reference",
    "from_json",
    "load",
    "to_json",
]
