"""Stands for the Spark job where a storm counts runs: the same fence, publication and flip.

Each table gets the lines of all inputs, as they are, in one file.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from lakegate.aws import clients
from lakegate.aws.store import Store
from lakegate.ledger import catalog, keys, publication
from lakegate.transform import artifacts


def main(argv: list[str]) -> None:
    """Run with the arguments that Glue passes."""
    given = dict(zip(argv[::2], argv[1::2], strict=True))
    batch, revision = given["--BATCH_ID"], given["--REVISION"]
    attempt, run_id = int(given["--ATTEMPT"]), given["--JOB_RUN_ID"]
    s3, gold = clients.s3(), given["--GOLD_BUCKET"]
    store = Store(s3, given["--CONTROL_BUCKET"])
    claim = publication.fence(store, batch, revision, attempt, run_id, datetime.now(UTC))
    if claim is None:
        return
    lines = [
        s3.get_object(Bucket=given["--SILVER_BUCKET"], Key=item.silver_key)["Body"].read()
        for item in claim.inputs
    ]
    names = tuple(artifacts.project("spark").contract.gold_tables)
    tables = {name: keys.gold_run(name, batch, run_id) for name in names}
    for prefix in tables.values():
        s3.put_object(Bucket=gold, Key=f"{prefix}part-0.parquet", Body=b"".join(lines))
    rows = dict.fromkeys(tables, len(lines))
    publication.publish(store, claim, run_id, tables, rows, datetime.now(UTC))
    known = catalog.Catalog(clients.glue(), given["--GLUE_DATABASE"], names, gold)
    catalog.flip(store, known, batch)


if __name__ == "__main__":
    main(sys.argv[1:])
