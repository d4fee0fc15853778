"""Glue as far as the pipeline uses it: one job's runs, one table's partitions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.wire import Reply, Request

LIVE = {"STARTING", "RUNNING", "STOPPING", "WAITING"}


@dataclass
class FakeGlue:
    """Job runs that a test moves on by hand, and a catalog.

    `page`: most runs in one answer of GetJobRuns. `hidden`: runs that Glue no longer knows.
    `job`: more of the job's definition.
    """

    clock: Callable[[], datetime]
    max_concurrent: int = 1000
    page: int = 200
    runs: list[dict[str, Any]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    job: dict[str, Any] = field(default_factory=dict)
    tables: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    partitions: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def handle(self, request: Request) -> Reply:
        """The answer to a request, by its operation."""
        handler: Callable[[dict[str, Any]], Any] | None = getattr(
            self, f"_{request.operation.lower()}", None
        )
        if handler is None:
            return error(400, "UnknownOperationException")
        answer = handler(json.loads(request.body or b"{}"))
        return answer if isinstance(answer, Reply) else Reply(200, json.dumps(answer).encode())

    def run(self, run_id: str) -> dict[str, Any]:
        """The run of that id."""
        return next(run for run in self.runs if run["Id"] == run_id)

    def _startjobrun(self, params: dict[str, Any]) -> Any:
        live = [run for run in self.runs if run["JobRunState"] in LIVE]
        if len(live) >= self.max_concurrent:
            return error(400, "ConcurrentRunsExceededException")
        run_id = f"jr_{len(self.runs) + 1:06d}"
        self.runs.append(
            {
                "Id": run_id,
                "JobName": params["JobName"],
                "Arguments": params.get("Arguments", {}),
                "JobRunState": "STARTING",
                "StartedOn": self.clock().timestamp(),
            }
        )
        return {"JobRunId": run_id}

    def _getjobruns(self, params: dict[str, Any]) -> Any:
        known = [run for run in reversed(self.runs) if run["Id"] not in self.hidden]
        start = int(params.get("NextToken", 0))
        stop = start + min(params.get("MaxResults", self.page), self.page)
        more = {"NextToken": str(stop)} if stop < len(known) else {}
        return {"JobRuns": known[start:stop], **more}

    def _getjobrun(self, params: dict[str, Any]) -> Any:
        for run in self.runs:
            if run["Id"] == params["RunId"] and run["Id"] not in self.hidden:
                return {"JobRun": run}
        return error(400, "EntityNotFoundException")

    def _getjob(self, params: dict[str, Any]) -> Any:
        size = {"NumberOfWorkers": 2, "WorkerType": "G.1X"}
        return {"Job": {"Name": params["JobName"], **size, **self.job}}

    def _gettable(self, params: dict[str, Any]) -> Any:
        table = self.tables.get((params["DatabaseName"], params["Name"]))
        return {"Table": table} if table else error(400, "EntityNotFoundException")

    def _partition(self, params: dict[str, Any], values: list[str]) -> tuple[str, str, str]:
        return params["DatabaseName"], params["TableName"], values[0]

    def _getpartition(self, params: dict[str, Any]) -> Any:
        found = self.partitions.get(self._partition(params, params["PartitionValues"]))
        return {"Partition": found} if found else error(400, "EntityNotFoundException")

    def _createpartition(self, params: dict[str, Any]) -> Any:
        place = self._partition(params, params["PartitionInput"]["Values"])
        if place in self.partitions:
            return error(400, "AlreadyExistsException")
        self.partitions[place] = params["PartitionInput"]
        return {}

    def _deletepartition(self, params: dict[str, Any]) -> Any:
        place = self._partition(params, params["PartitionValues"])
        return {} if self.partitions.pop(place, None) else error(400, "EntityNotFoundException")

    def _batchupdatepartition(self, params: dict[str, Any]) -> Any:
        errors = []
        for entry in params["Entries"]:
            place = self._partition(params, entry["PartitionValueList"])
            if place in self.partitions:
                self.partitions[place] = entry["PartitionInput"]
            else:
                detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "no partition"}
                errors.append(
                    {"PartitionValueList": entry["PartitionValueList"], "ErrorDetail": detail}
                )
        return {"Errors": errors}


def error(status: int, code: str) -> Reply:
    """A Glue error answer."""
    return Reply(status, json.dumps({"__type": code, "Message": code}).encode())
