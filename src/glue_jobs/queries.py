"""The `.sql` files of the job: one view each, named after its file, values by `:markers`."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from contract import Contract

FOLDERS = ("staging", "quarantine", "marts", "report")
# Every relation that follows from `lines_<dataset>`, none before what it reads.
ORDER = (
    "checked_users",
    "checked_events",
    "checked_orders",
    "line_groups",
    "repeated_keys",
    "repeated_users",
    "repeated_events",
    "repeated_orders",
    "stg_users",
    "latest_events",
    "latest_orders",
    "unknown_users",
    "stg_events",
    "stg_orders",
    "user_activity",
    "rejected",
    "outcomes",
)


def text(name: str) -> str:
    """The SQL of the view of that name."""
    path = _find(name)
    if path is None:
        raise FileNotFoundError(f"there is no {name}.sql in {', '.join(FOLDERS)}")
    return path.read_text(encoding="utf-8")


def datasets(contract: Contract) -> tuple[str, ...]:
    """The datasets that the job reads: those with SQL. Others are landed and checked only."""
    return tuple(name for name in contract.datasets if _find(f"checked_{name}") is not None)


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


def _find(name: str) -> Traversable | None:
    root = files("glue_jobs").joinpath("sql")
    paths = (root.joinpath(folder, f"{name}.sql") for folder in FOLDERS)
    return next((path for path in paths if path.is_file()), None)
