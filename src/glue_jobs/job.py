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
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.errors import JobError
from lakegate.transform.run import TROUBLE, Attempt, Buckets, cause, run


def main(argv: Sequence[str]) -> None:
    """Runs the job with the arguments that Glue passes, without the script's name.

    Exits with 1 and the cause in one line when the run fails. Raises a JobError where none begins.
    """
    given = arguments.parse(argv)
    project = artifacts.project("spark")
    spark = session.build(given.job_name)
    engine = SparkEngine(spark, project.contract)
    tables = tuple(project.contract.gold_tables)
    known = Catalog(clients.glue(), given.glue_database, tables, given.gold_bucket)
    store = Store(clients.s3(), given.control_bucket)
    attempt = Attempt(given.batch_id, given.revision, given.attempt, given.job_run_id)
    buckets = Buckets(given.silver_bucket, given.gold_bucket, given.quarantine_bucket)
    try:
        run(attempt, project, engine, buckets, store, known)
    except TROUBLE + engine.trouble as error:
        sys.exit(f"job failed: {cause(error, engine)}")
    finally:
        spark.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        main(sys.argv[1:])
    except JobError as error:
        sys.exit(f"job failed: {type(error).__name__}: {error}")
