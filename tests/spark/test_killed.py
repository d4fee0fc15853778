"""The real job, with Spark, meets a fault at each of its calls: one publication, the right rows.

HYPOTHESIS_PROFILE=thorough tries each fault at each call, otherwise a few are tried.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakegate.transform.errors import ThresholdError
from tests.fakes.cloud import Fault
from tests.faults.real import Killed
from tests.faults.test_function import BATCH, CALLS, FAULTS, check, refused, strangers
from tests.spark.on_fakes import SparkWorld

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
EVERY = 1 if THOROUGH else 17  # calls


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_of_the_job_leads_to_one_publication(
    fault: Fault, spark: SparkSession, tmp_path: Path
) -> None:
    for at in range(FAULTS.index(fault), CALLS, EVERY):
        world = SparkWorld(spark=spark, folder=tmp_path / str(at))
        world.upload_batch(BATCH)
        world.deliver()
        (run,) = world.cloud.glue.runs
        hook = world.cloud.hook = Killed(at, fault)
        world.finish(run, world.job(run))
        world.cloud.hook = None
        world.settle()
        check(world)
        if next(hook.count) <= at:
            return
    pytest.fail(f"a run makes more than {CALLS} calls")


def test_a_job_whose_data_are_refused_is_the_only_one(spark: SparkSession, tmp_path: Path) -> None:
    world = SparkWorld(spark=spark, folder=tmp_path)
    run = strangers(world)
    with pytest.raises(ThresholdError):
        list(world.job(run))
    refused(world, run)
