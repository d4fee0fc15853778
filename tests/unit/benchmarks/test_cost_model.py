"""The cost model: sums that can be done by hand, and figures in the docs that are the model's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.cost import rates
from benchmarks.cost.bill import (
    FUNCTION_SECONDS,
    Assumptions,
    Load,
    duckdb_seconds,
    job_seconds,
    per_month,
    per_run,
)
from benchmarks.cost.calls import batch, count
from benchmarks.cost.model import CALLS, SCALES, engines, prices, sizes, table
from benchmarks.cost.prices import dollars_of_calls
from benchmarks.harness.figures import RESULTS

ROOT = Path(__file__).resolve().parents[3]
NOTHING: dict[str, dict[str, float]] = {
    "per_file": {}, "last_file_more": {}, "job": {}, "reconciler_at_rest": {}
}  # fmt: skip


@pytest.fixture(scope="module")
def calls() -> dict[str, Any]:
    counted: dict[str, Any] = json.loads(CALLS.read_text(encoding="utf-8"))
    return counted


def test_requests_cost_what_the_price_list_says() -> None:
    assert dollars_of_calls({"PutObject": 1000, "GetObject": 10_000}) == pytest.approx(0.009)
    assert dollars_of_calls({"CopyObject": 2, "ListObjectsV2": 1}) == pytest.approx(0.000015)
    assert dollars_of_calls({"DeleteObject": 9, "StartJobRun": 9}) == 0


def test_an_operation_without_a_price_is_no_silent_zero() -> None:
    with pytest.raises(KeyError, match="SelectObjectContent"):
        dollars_of_calls({"SelectObjectContent": 1})


def test_glue_bills_all_workers_for_a_minute_at_least() -> None:
    tiny = per_run(Load(rows=3), NOTHING, Assumptions(workers=2))
    assert tiny["glue"] == pytest.approx(2 * 0.44 / 60)
    assert job_seconds(Load(rows=3), Assumptions()) == 60


def test_more_executors_shorten_only_the_part_that_is_shared() -> None:
    load = Load(rows=300_000_000)
    few, many = (Assumptions(workers=number, rows_per_core_second=50_000) for number in (2, 11))
    assert job_seconds(load, few) == pytest.approx(45 + 1500)
    assert job_seconds(load, many) == pytest.approx(45 + 150)


def test_the_function_bills_its_memory_for_its_seconds() -> None:
    assumed = Assumptions(
        engine="duckdb", duckdb_mb=3538, duckdb_start_seconds=1, duckdb_rows_per_core_second=50
    )
    run = per_run(Load(rows=900, files=0), NOTHING, assumed)
    assert run["glue"] == 0
    assert run["lambda"] == pytest.approx(10 * 3538 / 1024 * 0.0000166667)


def test_duckdb_is_cheaper_for_whatever_it_can_end_in_time(calls: dict[str, Any]) -> None:
    """The sentence of docs/cost.md: there is no size at which the engines' prices cross."""
    for memory in (1024, 3008, 10240):
        duckdb = Assumptions(engine="duckdb", duckdb_mb=memory)
        for step in range(1, 400):
            load = Load(rows=step * 2_500_000)
            if duckdb_seconds(load, duckdb) > FUNCTION_SECONDS:
                break
            there, here = (sum(per_run(load, calls, on).values()) for on in (Assumptions(), duckdb))
            assert here < there, (memory, load.rows)
    assert "There is no size at which they cross" in (ROOT / "docs/cost.md").read_text()


def test_duckdb_is_as_fast_as_it_was_measured() -> None:
    measured = json.loads((RESULTS / "job.json").read_text(encoding="utf-8"))
    found = measured["sizes"]["1000000"]["contestants"].get("duckdb_job")
    if found is not None:
        rate = 3_000_000 / found["median"] / measured["machine"]["cpus"]
        assert 0.5 <= Assumptions().duckdb_rows_per_core_second / rate <= 2


def test_pipeline_requests_grow_with_files() -> None:
    counted = NOTHING | {"per_file": {"PutObject": 2, "GetObject": 3}, "job": {"PutObject": 1}}
    run = per_run(Load(files=100), counted, Assumptions())
    assert run["s3_pipeline"] == pytest.approx(201 * 0.000005 + 300 * 0.0000004)


def test_contended_index_costs_a_write_and_two_reads_a_turn() -> None:
    load = Load(files=10)
    calm, busy = (
        per_run(load, NOTHING, replace(Assumptions(), index_requests_per_file=n))["s3_pipeline"]
        for n in (2, 8)
    )
    assert busy - calm == pytest.approx(10 * 2 * (0.000005 + 2 * 0.0000004))


def test_an_idle_month_costs_the_reconciler_the_key_and_what_watches() -> None:
    counted = NOTHING | {"reconciler_at_rest": {"PutObject": 1}}
    month = per_month(
        Load(batches_a_day=0), counted, replace(Assumptions(), metrics=2, lambda_gb=0.25)
    )
    assert month["runs"] == month["storage"] == 0
    assert month["key"] + month["metrics"] == pytest.approx(1.6)
    assert month["alarms"] + month["dashboard"] == pytest.approx(5.4)
    looks = 30 * 24 * 12
    assert month["reconciler"] == pytest.approx(
        looks * (0.000005 + 0.25 * 0.0000166667 + 0.0000002)
    )


def test_storage_counts_bronze_and_silver() -> None:
    load = Load(rows=1_000_000_000, bytes_per_row=100, batches_a_day=1, kept_days=10)
    assert per_month(load, NOTHING, Assumptions())["storage"] == pytest.approx(2000 * 0.023)


def test_counted_requests_are_those_of_the_code(
    calls: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """After a change: python -m benchmarks.cost.calls --out benchmarks/results/calls.json."""
    now = count(2)
    capsys.readouterr()  # the functions print their metrics
    for part in ("manifest", "per_file", "last_file_more", "job", "reconciler_at_rest"):
        assert calls[part] == now[part]
    assert calls["batch"] == batch()


def test_the_job_is_as_fast_as_it_was_measured() -> None:
    measured = json.loads((RESULTS / "job.json").read_text(encoding="utf-8"))
    seconds = measured["sizes"]["10000000"]["contestants"]["job"]["median"]
    rate = 30_000_000 / seconds / measured["machine"]["cpus"]
    assert Assumptions().rows_per_core_second == pytest.approx(rate, rel=0.1)


def test_an_accepted_file_takes_at_most_seven_requests(calls: dict[str, Any]) -> None:
    assert sum(calls["per_file"].values()) <= 7
    assert not {"ListObjectsV2", "ListObjectVersions"} & set(calls["per_file"])


def test_the_docs_show_the_figures_of_the_model(calls: dict[str, Any]) -> None:
    """After a change: paste what benchmarks.cost.model --scales, --prices and rates print."""
    scaling = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
    assert table(calls) in scaling
    assert rates.table(calls) in scaling
    page = (ROOT / "docs/cost.md").read_text(encoding="utf-8")
    assert prices(calls) in page
    assert engines(calls) in page
    assert sizes(calls) in page


def test_the_sentences_of_the_docs_have_the_figures_of_the_model(calls: dict[str, Any]) -> None:
    scaling = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
    hundred, most = (
        per_month(load, calls, Assumptions(workers)) for _, load, workers in SCALES[2:]
    )
    idle = sum(per_month(Load(batches_a_day=0), calls, Assumptions()).values())
    assert f"an idle month ({idle:.2f} $: " in scaling
    assert f": {hundred['storage']:.0f} of {sum(hundred.values()):.0f} $." in scaling
    assert f"storage is {most['storage'] / sum(most.values()):.0%}".replace("%", " %") in scaling
