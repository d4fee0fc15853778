"""The catalog partition of a batch: derived from the pointer, so a flip can be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from lakegate.aws.errors import ContentionError, LedgerError
from lakegate.aws.store import Store
from lakegate.ledger import publication

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import PartitionInputTypeDef

TURNS = 20


@dataclass(frozen=True)
class Table:
    """The gold table in the catalog and the bucket that its partitions lie in."""

    glue: GlueClient
    database: str
    name: str
    gold_bucket: str

    def location(self, prefix: str) -> str:
        """The URI of a run's prefix."""
        return f"s3://{self.gold_bucket}/{prefix}"


def current(table: Table, batch: str) -> str | None:
    """Where the partition of a batch points, or None when there is none."""
    try:
        answer = table.glue.get_partition(
            DatabaseName=table.database, TableName=table.name, PartitionValues=[batch]
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "EntityNotFoundException":
            return None
        raise
    return answer["Partition"]["StorageDescriptor"].get("Location")


def flip(store: Store, table: Table, batch: str) -> str | None:
    """Point the partition to what is published, and return that location (None: nothing is).

    The pointer is read again after each change: it may have moved in between, and the catalog has
    no compare-and-swap. Whoever dies in between leaves that to the reconciler.
    """
    for _ in range(TURNS):
        stored = publication.read(store, batch)
        if stored is None:
            return None
        wanted = table.location(stored.record.prefix)
        if current(table, batch) == wanted:
            return wanted
        _point(table, batch, wanted)
    raise ContentionError(f"partition of {batch}")


def _point(table: Table, batch: str, uri: str) -> None:
    descriptor = table.glue.get_table(DatabaseName=table.database, Name=table.name)["Table"][
        "StorageDescriptor"
    ]
    partition: PartitionInputTypeDef = {
        "Values": [batch],
        "StorageDescriptor": {**descriptor, "Location": uri},
    }
    try:
        table.glue.create_partition(
            DatabaseName=table.database, TableName=table.name, PartitionInput=partition
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "AlreadyExistsException":
            raise
    else:
        return
    answer = table.glue.batch_update_partition(
        DatabaseName=table.database,
        TableName=table.name,
        Entries=[{"PartitionValueList": [batch], "PartitionInput": partition}],
    )
    if answer.get("Errors"):
        raise LedgerError(f"partition of {batch}: {answer['Errors'][0].get('ErrorDetail')}")
