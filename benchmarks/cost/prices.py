"""List prices of AWS (us-east-1), in dollars, and what requests cost by operation."""

from __future__ import annotations

from collections.abc import Mapping

from lakegate.cli.web import cost

# Dollars; those that `lakegate report` shows too are taken from there.
PRICES = {
    "glue_dpu_hour": cost.DPU_HOUR,
    "s3_write": cost.WRITE_REQUEST,
    "s3_read": cost.READ_REQUEST,
    "lambda_gb_second": cost.LAMBDA_GB_SECOND,
    "lambda_request": cost.LAMBDA_REQUEST,
    "s3_gb_month": 0.023,
    "kms_request": 0.03 / 10_000,
    "kms_key_month": 1.0,
    "custom_metric_month": 0.30,
    "alarm_month": 0.10,
    "dashboard_month": 3.00,
}
WRITES = {"PutObject", "CopyObject", "UploadPart"} | {
    "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads"
}  # fmt: skip
READS = {"GetObject", "HeadObject"}
FREE = {"DeleteObject", "DeleteObjects", "StartJobRun", "GetPartition", "GetTable"} | {
    "CreatePartition", "BatchUpdatePartition", "GetJobRun", "GetJobRuns"
}  # fmt: skip


def dollars_of_calls(calls: Mapping[str, float]) -> float:
    """Price of requests by operation. Raises KeyError for an operation that has no price."""
    total = 0.0
    for operation, number in calls.items():
        if operation in WRITES:
            total += number * PRICES["s3_write"]
        elif operation in READS:
            total += number * PRICES["s3_read"]
        elif operation not in FREE:
            raise KeyError(operation)
    return total
