"""Entry script of the Glue job: arguments, session, run; exits with 1 and one line on failure."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from glue_jobs import arguments
from lakegate.aws import clients
from lakegate.aws.store import Store
from lakegate.ledger.catalog import Catalog
from lakegate.transform import artifacts
from lakegate.transform.engines.spark import session
from lakegate.transform.engines.spark.cause import TROUBLE, cause
from lakegate.transform.run import run


def main(argv: Sequence[str]) -> None:
    """Runs the job with the arguments that Glue passes, without the script's name."""
    given = arguments.parse(argv)
    contract = artifacts.load_contract()
    spark = session.build(given.job_name)
    store = Store(clients.s3(), given.control_bucket)
    tables = tuple(contract.gold_tables)
    catalog = Catalog(clients.glue(), given.glue_database, tables, given.gold_bucket)
    try:
        run(given, contract, spark, store, catalog)
    finally:
        spark.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        main(sys.argv[1:])
    except TROUBLE as error:
        sys.exit(f"user_activity failed: {cause(error)}")
