"""The numbers of a run report come from the ledger, the job's report, Glue and gold."""

from __future__ import annotations

import pyarrow as pa
import pytest

from lakegate.cli.errors import NotFoundError
from lakegate.cli.web import charts, cost, distributions, html, run_report
from lakegate.files.reasons import Code
from tests.unit.cli import finished
from tests.unit.cli.scene import Scene

B = "2026-11-22"


def test_every_line_is_accounted_for(scene: Scene) -> None:
    finished.finish(scene, B)
    users, events, orders = run_report.collect(scene.lake, B).funnels
    assert (users.read, users.used, users.rejected) == (500, 499, 1)
    assert (events.read, events.used, events.deduplicated, events.rejected) == (
        20_000,
        19_880,
        40,
        80,
    )
    assert events.reasons == (("unknown_user", 51), ("missing_user_id", 20), ("malformed", 9))
    assert events.beside == (("nulled device", 12),)
    assert (orders.rejected, orders.beside) == (8, (("nulled amount", 1),))


def test_phases_follow_one_another_from_upload_to_pointer(scene: Scene) -> None:
    finished.finish(scene, B)
    found = run_report.collect(scene.lake, B)
    assert [(phase.name, phase.seconds) for phase in found.phases] == [
        ("Glue gets ready", 4.0),
        ("read", pytest.approx(9.1)),
        ("quarantine", pytest.approx(1.2)),
        ("gold", pytest.approx(3.4)),
        ("check", pytest.approx(1.1)),
        ("publish", pytest.approx(0.4)),
        ("pointer", pytest.approx(0.8)),
    ]


GRAIN = ("user_id",)


def test_distributions_cover_all_files_of_gold(scene: Scene) -> None:
    finished.finish(scene, B)
    (table,) = run_report.collect(scene.lake, B).tables
    found = table.distributions
    assert found is not None
    assert (table.name, table.rows) == ("user_activity", 499)
    assert table.totals == (("users", "499"), ("revenue", "37350.50"))
    assert (found.rows, found.whole) == (499, True)
    # Users 1 to 499 have their id modulo 7 orders: 71 have none, 72 have one or two, 71 the rest.
    orders = next(item for item in found.histograms if item.title == "Orders in any state")
    assert orders.counts == (71, 72, 72, 71, 71, 71, 71)
    assert orders.edges == (0, 1, 2, 3, 4, 5, 6, 7)
    average = next(item for item in found.histograms if item.title.startswith("revenue /"))
    assert average.nulls == 71
    assert sum(count for _, count in found.rankings[0].values) + found.rankings[0].others == 499


def test_what_is_shown_is_found_by_type_and_values() -> None:
    table = pa.table(
        {
            "reading_id": pa.array(range(100), pa.int64()),
            "serial": pa.array(range(7_000_000, 7_000_100), pa.int64()),
            "copy": [number % 3 for number in range(100)],
            "built_year": [1990 + number % 9 for number in range(100)],
            "status": [200 + number % 5 for number in range(100)],
            "note": [f"note {number}" for number in range(100)],
            "station": [None, *(f"s{number % 3}" for number in range(99))],
            "ok": [number % 4 > 0 for number in range(100)],
            "celsius": [number / 4 - 10 for number in range(100)],
            "at": pa.array([0] * 100, pa.timestamp("us", "UTC")),
            "tags": [["a"]] * 100,
        }
    )
    found = distributions.describe([table], ["note"], {"celsius": "Temperature"})
    assert [item.title for item in found.histograms] == ["Temperature"]
    assert [item.title for item in found.rankings] == ["station", "ok"]
    assert found.rankings[0].values == (("s0", 33), ("s1", 33), ("s2", 33), ("(none)", 1))
    assert found.rankings[1].values == (("true", 75), ("false", 25))
    warm = found.histograms[0]
    assert (warm.edges[0], len(warm.counts), sum(warm.counts)) == (-10, 24, 100)
    assert warm.edges[-1] == pytest.approx(14.75)
    assert (warm.mean, warm.largest) == (2.375, 14.75)
    # The label in the middle of the axis is that of its middle.
    assert ">2.38</text>" in charts.histogram(warm)


def test_a_long_tail_goes_into_the_last_bar() -> None:
    table = finished.gold(1000)
    values = [1.0] * 980 + [2.0] * 19 + [5000.0]
    table = table.set_column(table.schema.get_field_index("event_count"), "event_count", [values])
    chart = distributions.describe([table], GRAIN, {}).histograms[0]
    assert (chart.beyond, chart.largest, sum(chart.counts)) == (1, 5000.0, 1000)
    assert chart.edges[-1] == 3


def test_a_table_without_rows_has_no_bars() -> None:
    found = distributions.describe([finished.gold(0)], GRAIN, {})
    assert (found.rows, found.histograms[0].counts) == (0, (0,))
    assert distributions.describe([], GRAIN, {}).rows == 0


def test_a_report_of_the_first_edition_is_shown(scene: Scene) -> None:
    run_id = finished.finish(scene, B)
    old = finished.report(scene, B, run_id, version=1)
    prefix = old["gold"]["user_activity"]["prefix"]
    del old["engine"]
    finished.save(scene, {**old, "gold": {"prefix": prefix, "users": 499, "row_hash": "0a"}})
    found = run_report.collect(scene.lake, B)
    assert [(table.name, table.rows) for table in found.tables] == [("user_activity", 499)]
    assert found.engine == "spark 3.5.6"
    assert "spark 3.5.6" in html.run_report(found)


def test_a_failed_run_tells_its_error(scene: Scene) -> None:
    scene.arrive(B, "users", "events", "orders")
    run_id = scene.end_run("FAILED")
    error = "ThresholdError: events: 900 of 20000 lines rejected <b>"
    document = finished.report(scene, B, run_id, state="FAILED", error=error, checks=[])
    finished.save(scene, document)
    found = run_report.collect(scene.lake, B)
    assert (found.state, found.error) == ("FAILED", error)
    assert found.tables[0].distributions is None
    page = html.run_report(found)
    assert "900 of 20000 lines rejected &lt;b&gt;" in page
    assert "The run ended before its checks." in page


def test_a_run_that_was_rolled_back_is_not_what_readers_see(scene: Scene) -> None:
    finished.finish(scene, B)
    first = run_report.collect(scene.lake, B).revision
    scene.arrive(B, "orders")
    scene.publish(B)
    assert run_report.collect(scene.lake, B, first[:6]).is_published is False


@pytest.mark.parametrize(
    ("revision", "message"),
    [(None, "has no run yet"), ("beef", "names no single revision; there are: none")],
)
def test_what_has_no_report_is_not_found(scene: Scene, revision: str | None, message: str) -> None:
    scene.refuse(B, "users", Code.EMPTY)
    with pytest.raises(NotFoundError, match=message):
        run_report.collect(scene.lake, B, revision)


def test_glue_bills_a_minute_at_least() -> None:
    items = cost.of_run(seconds=20, dpu_seconds=None, workers=2, worker_type="G.1X", files=3)
    # 2 DPU x 60 s at 0.44 $ an hour
    assert items[0].dollars == pytest.approx(2 * 60 * 0.44 / 3600)
    assert cost.total(items) == pytest.approx(0.01506, abs=1e-5)


def test_a_run_on_duckdb_bills_its_function_and_no_glue(scene: Scene) -> None:
    run_id = finished.finish(scene, B)
    ran = finished.report(scene, B, run_id)
    versions = {"duckdb": "1.4.0", "python": "3.11.7"}
    own = {"engine": "duckdb", "versions": versions, "function_mib": 6144}
    finished.save(scene, {**ran, **own})
    found = run_report.collect(scene.lake, B)
    assert [item.name for item in found.bill if "Glue" in item.name] == []
    assert found.bill[0].name == "DuckDB, 6,144 MiB"
    # 2.9375 GB, each second at 0.0000166667 $, and a request
    items = cost.of_function(seconds=100, files=3)
    assert items[0].dollars == pytest.approx(293.75 * 0.0000166667 + 0.0000002)
    items = cost.of_function(seconds=100, files=3, mib=6144)
    assert items[0].dollars == pytest.approx(600 * 0.0000166667 + 0.0000002)
    assert "Glue" not in html.run_report(found)


def test_glues_own_figure_is_taken_where_there_is_one() -> None:
    items = cost.of_run(seconds=20, dpu_seconds=3600, workers=2, worker_type="G.1X", files=3)
    assert items[0].dollars == pytest.approx(0.44)
