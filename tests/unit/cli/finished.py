"""A batch that has run, with gold and the job's report as the job leaves them."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from lakegate.aws import codec
from lakegate.files.reasons import Code
from lakegate.ledger import keys
from tests.unit.cli.scene import Scene

COUNTRIES = ("DE", "FR", "unknown", "US", "ES", "IT", "NL", "PL", "SE", "BR", "JP")
DATASETS: dict[str, dict[str, int]] = {
    "users": {"read": 500, "used": 499, "bad_signed_up_at": 1},
    "events": {
        "read": 20_000,
        "used": 19_880,
        "deduplicated": 40,
        "malformed": 9,
        "unknown_user": 51,
        "missing_user_id": 20,
        "nulled_device": 12,
    },
    "orders": {
        "read": 3_000,
        "used": 2_990,
        "deduplicated": 2,
        "superseded": 3,
        "bad_status": 5,
        "nulled_amount": 1,
    },
}
# As long as real ones: they have to fit on a narrow page.
PAID = (
    "select sum(revenue) as revenue, (select sum(amount) from stg_orders where is_paid) as paid "
    "from user_activity having coalesce(revenue, 0) <> coalesce(paid, 0)"
)


def gold(rows: int = 499) -> pa.Table:
    """Rows that look like gold: users from 1, round numbers that grow with the id."""
    ids = range(1, rows + 1)
    orders = [number % 7 for number in ids]
    return pa.table(
        {
            "user_id": pa.array(ids, pa.int64()),
            "country": [COUNTRIES[number % 11 if number % 3 else 0] for number in ids],
            "event_count": pa.array([number % 83 for number in ids], pa.int64()),
            "session_count": pa.array([number % 9 for number in ids], pa.int64()),
            "order_count": pa.array(orders, pa.int64()),
            "revenue": pa.array(
                [Decimal(count * 25) + Decimal("0.50") for count in orders], pa.decimal128(18, 2)
            ),
            "average_order_value": pa.array(
                [Decimal("25.00") if count else None for count in orders], pa.decimal128(18, 2)
            ),
            "conversion_rate": [count / 9 if count else None for count in orders],
        }
    )


def parquet_bytes(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def report(scene: Scene, batch: str, run_id: str, **changes: Any) -> dict[str, Any]:
    """A report in the job's own layout."""
    claim = scene.claim(batch)
    inputs = [
        {
            "dataset": item.dataset,
            "stem": item.stem,
            "bronze_key": item.bronze_key,
            "size": item.size,
        }
        for item in claim.inputs
    ]
    return {
        "batch": batch,
        "revision": claim.revision,
        "attempt": claim.attempt,
        "run_id": run_id,
        "started_at": codec.stamp(scene.now),
        "versions": {
            "spark": "3.5.6",
            "python": "3.11.7",
            "contract": "0a1b2c3d4e5f",
            "code": "f5e4d3c2b1a0",
        },
        "state": "SUCCEEDED",
        "error": None,
        "inputs": inputs,
        "datasets": DATASETS,
        "engine": "spark",
        "gold": {
            "user_activity": {
                "prefix": keys.gold_run("user_activity", batch, run_id),
                "rows": 499,
                "totals": {"users": 499, "revenue": "37350.50"},
            }
        },
        "checks": [
            {"name": "unique_key", "query": "select user_id …", "sample": [], "holds": True},
            {"name": "revenue_is_what_was_paid", "query": PAID, "sample": [], "holds": True},
        ],
        "seconds": {"read": 9.1, "quarantine": 1.2, "gold": 3.4, "check": 1.1, "publish": 0.4},
        "published": {"run_id": run_id},
        "version": 2,
        **changes,
    }


def save(scene: Scene, document: dict[str, Any]) -> None:
    key = keys.revision(document["batch"], document["revision"], "report")
    scene.cloud.s3.put("control-bucket", key, json.dumps(document).encode())


def finish(scene: Scene, batch: str = "2026-11-22") -> str:
    """Uploads, one of them bad at first, a run of 20 s, gold and publication; the run's id."""
    scene.refuse(batch, "orders", Code.TRUNCATED)
    scene.cloud.now += timedelta(seconds=20)
    scene.arrive(batch, "users", "events", "orders", size=170_000)
    scene.cloud.now += timedelta(seconds=4)
    run_id = str(scene.cloud.glue.runs[-1]["Id"])
    document = report(scene, batch, run_id)
    scene.cloud.now += timedelta(seconds=16)
    table = gold()
    for part, piece in enumerate((table.slice(0, 300), table.slice(300))):
        key = f"{document['gold']['user_activity']['prefix']}part-{part}.zstd.parquet"
        scene.cloud.s3.put("gold-bucket", key, parquet_bytes(piece))
    other = f"{keys.gold_run('country_revenue', batch, run_id)}part-0.zstd.parquet"
    scene.cloud.s3.put("gold-bucket", other, parquet_bytes(table.slice(0, 0)))
    scene.publish(batch, rows=499)
    save(scene, document)
    scene.cloud.now += timedelta(seconds=2)
    return run_id
