"""The `.sql` files of the job: one view each, named after its file, values by `:markers`."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from contract import Contract

FOLDERS = ("staging", "quarantine", "marts", "report")


def text(name: str) -> str:
    """The SQL of the view of that name."""
    root = files("glue_jobs").joinpath("sql")
    for folder in FOLDERS:
        path = root.joinpath(folder, f"{name}.sql")
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise FileNotFoundError(f"there is no {name}.sql in {', '.join(FOLDERS)}")


def view(spark: SparkSession, name: str, contract: Contract) -> DataFrame:
    """The relation of that name, which later files can read from."""
    frame = spark.sql(text(name), args=markers(contract))
    frame.createOrReplaceTempView(name)
    return frame


def markers(contract: Contract) -> dict[str, Any]:
    """What the SQL takes from the contract: the values that stand for null."""
    users, orders = contract.datasets["users"], contract.datasets["orders"]
    defaults = {
        f"{name}_default": users.column(name).default
        for name in ("full_name", "country", "city", "marketing_opt_in")
    }
    return defaults | {"amount_default": Decimal(str(orders.column("amount").default))}
