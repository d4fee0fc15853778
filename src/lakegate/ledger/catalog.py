"""Catalog partitions of a batch: derived from its pointer, so a flip can be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import ClientError

from lakegate.aws.errors import ContentionError, LedgerError
from lakegate.aws.store import Store
from lakegate.ledger import publication

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import PartitionInputTypeDef

    from lakegate.ledger.records import Published

TURNS = 20
# Another writer holds the table, or made or dropped the partition just now: nothing is wrong, and
# whoever looks again finds what is left to do.
BUSY = frozenset(
    {
        "AlreadyExistsException",
        "ConcurrentModificationException",
        "OperationTimeoutException",
        "ResourceNotReadyException",
    }
)

Move = Literal["stands", "moved", "busy"]


@dataclass(frozen=True)
class Catalog:
    """The database, the contract's gold tables in it, and the bucket of their partitions.

    Tables of other releases are left as they are.
    """

    glue: GlueClient
    database: str
    tables: tuple[str, ...]
    gold_bucket: str

    def location(self, prefix: str) -> str:
        """The URI of a run's prefix."""
        return f"s3://{self.gold_bucket}/{prefix}"


def current(catalog: Catalog, table: str, batch: str) -> str | None:
    """Where the partition of a batch points, or None when there is none."""
    try:
        answer = catalog.glue.get_partition(
            DatabaseName=catalog.database, TableName=table, PartitionValues=[batch]
        )
    except ClientError as error:
        if _code(error) == "EntityNotFoundException":
            return None
        raise
    return answer["Partition"]["StorageDescriptor"].get("Location")


def flip(store: Store, catalog: Catalog, batch: str) -> dict[str, str] | None:
    """Point each table's partition to what is published; the locations (None: nothing is).

    A table that the publication does not have, but an earlier one had, loses its partition: readers
    see one revision in all tables. The pointer is read again after each change: it may have moved
    in between, and the catalog has no compare-and-swap. Whoever dies in between leaves that to the
    reconciler.
    """
    for turn in range(TURNS):
        stored = publication.read(store, batch)
        if stored is None:
            return None
        wanted = _wanted(catalog, stored.record)
        moves = {_move(catalog, table, batch, place) for table, place in wanted.items()}
        if moves <= {"stands"}:
            return {table: place for table, place in wanted.items() if place is not None}
        if "busy" in moves:
            store.pause(turn)
    raise ContentionError(f"partitions of {batch}")


def _wanted(catalog: Catalog, pointer: Published) -> dict[str, str | None]:
    ever = set(pointer.tables).union(*(move.tables for move in pointer.history))
    prefixes = {table: pointer.tables.get(table) for table in catalog.tables if table in ever}
    return {
        table: catalog.location(prefix) if prefix else None for table, prefix in prefixes.items()
    }


def _move(catalog: Catalog, table: str, batch: str, wanted: str | None) -> Move:
    place = current(catalog, table, batch)
    if place == wanted:
        return "stands"
    try:
        if wanted is None:
            catalog.glue.delete_partition(
                DatabaseName=catalog.database, TableName=table, PartitionValues=[batch]
            )
        elif place is None:
            catalog.glue.create_partition(
                DatabaseName=catalog.database,
                TableName=table,
                PartitionInput=_partition(catalog, table, batch, wanted),
            )
        else:
            _update(catalog, table, batch, wanted)
    except ClientError as error:
        if wanted is None and _code(error) == "EntityNotFoundException":
            return "moved"
        if _code(error) not in BUSY:
            raise
        return "busy"
    return "moved"


def _update(catalog: Catalog, table: str, batch: str, uri: str) -> None:
    partition = _partition(catalog, table, batch, uri)
    answer = catalog.glue.batch_update_partition(
        DatabaseName=catalog.database,
        TableName=table,
        Entries=[{"PartitionValueList": [batch], "PartitionInput": partition}],
    )
    for failed in answer.get("Errors", ()):
        detail = failed.get("ErrorDetail", {})
        if detail.get("ErrorCode") not in BUSY | {"EntityNotFoundException"}:
            raise LedgerError(f"partition of {batch} in {table}: {detail}")


def _partition(catalog: Catalog, table: str, batch: str, uri: str) -> PartitionInputTypeDef:
    answer = catalog.glue.get_table(DatabaseName=catalog.database, Name=table)
    descriptor = answer["Table"]["StorageDescriptor"]
    return {"Values": [batch], "StorageDescriptor": {**descriptor, "Location": uri}}


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]
