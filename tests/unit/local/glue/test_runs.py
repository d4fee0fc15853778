"""The life of a job run, with an executor that does as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.glue.errors import GlueError
from local.glue.runs.api import Failed, Runs, Stopped, TimedOut
from local.glue.runs.jobs import Jobs
from local.glue.state import State

Doc = dict[str, Any]


class Script:
    """An executor that runs until it is released, then ends as `error` says."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.running = threading.Event()
        self.release = threading.Event()

    def __call__(
        self, job: Doc, run: Doc, started: Callable[[], None], stop: threading.Event
    ) -> None:
        started()
        self.running.set()
        while not self.release.wait(0.01):
            if stop.is_set():
                raise Stopped
        if self.error:
            raise self.error


class Endpoint:
    """Jobs and runs over one state; `announced` has the runs that ended, in their order."""

    def __init__(self, script: Script, path: Path | None = None) -> None:
        self.state = State(path)
        self.jobs = Jobs(self.state)
        self.announced: list[Doc] = []
        self.runs = Runs(self.state, self.jobs, script, self.announced.append)

    def job(self, limit: int = 1) -> None:
        fields = {"Name": "j", "Role": "r", "Command": {"Name": "glueetl"}}
        self.jobs.create({**fields, "ExecutionProperty": {"MaxConcurrentRuns": limit}})

    def start(self) -> str:
        run_id: str = self.runs.start({"JobName": "j", "Arguments": {"--A": "1"}})["JobRunId"]
        return run_id

    def state_of(self, run_id: str) -> Doc:
        run: Doc = self.runs.get({"JobName": "j", "RunId": run_id})["JobRun"]
        return run


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        (None, "SUCCEEDED", None),
        (Failed("no such table"), "FAILED", "no such table"),
        (TimedOut(), "TIMEOUT", "Job run exceeded its 480 minutes"),
    ],
    ids=["succeeded", "failed", "timeout"],
)
def test_a_run_ends_as_its_script_did(
    error: Exception | None, state: str, message: str | None
) -> None:
    script = Script(error)
    endpoint = Endpoint(script)
    endpoint.job()
    run_id = endpoint.start()
    assert script.running.wait(5)
    assert endpoint.state_of(run_id)["JobRunState"] == "RUNNING"
    script.release.set()
    endpoint.runs.stop_everything()
    run = endpoint.state_of(run_id)
    assert (run["JobRunState"], run.get("ErrorMessage")) == (state, message)
    assert [run["Id"] for run in endpoint.announced] == [run_id]


def test_runs_beyond_the_limit_are_refused() -> None:
    script = Script()
    endpoint = Endpoint(script)
    endpoint.job(limit=2)
    endpoint.start()
    endpoint.start()
    with pytest.raises(GlueError) as refused:
        endpoint.start()
    assert refused.value.code == "ConcurrentRunsExceededException"
    script.release.set()
    endpoint.runs.stop_everything()
    assert endpoint.start()
    endpoint.runs.stop_everything()


def test_a_stopped_run_is_stopped_once() -> None:
    script = Script()
    endpoint = Endpoint(script)
    endpoint.job()
    run_id = endpoint.start()
    assert script.running.wait(5)
    request = {"JobName": "j", "JobRunIds": [run_id, "jr_unknown"]}
    answer = endpoint.runs.stop(request)
    assert [done["JobRunId"] for done in answer["SuccessfulSubmissions"]] == [run_id]
    assert answer["Errors"][0]["ErrorDetail"]["ErrorCode"] == "EntityNotFoundException"
    endpoint.runs.stop_everything()
    assert endpoint.state_of(run_id)["JobRunState"] == "STOPPED"
    again = endpoint.runs.stop({"JobName": "j", "JobRunIds": [run_id]})
    assert again["Errors"][0]["ErrorDetail"]["ErrorCode"] == "InvalidInputException"


def test_runs_that_a_dead_server_left_have_failed(tmp_path: Path) -> None:
    script = Script()
    endpoint = Endpoint(script, tmp_path / "glue.json")
    endpoint.job()
    run_id = endpoint.start()
    assert script.running.wait(5)
    after = Endpoint(Script(), tmp_path / "glue.json")
    assert after.state_of(run_id)["JobRunState"] == "FAILED"
    assert "ended during the run" in after.state_of(run_id)["ErrorMessage"]
    script.release.set()
    endpoint.runs.stop_everything()


def test_runs_are_listed_newest_first_in_pages() -> None:
    script = Script()
    script.release.set()
    endpoint = Endpoint(script)
    endpoint.job(limit=3)
    started = [endpoint.start() for _ in range(3)]
    endpoint.runs.stop_everything()
    first = endpoint.runs.get_all({"JobName": "j", "MaxResults": 2})
    rest = endpoint.runs.get_all({"JobName": "j", "NextToken": first["NextToken"]})
    listed = [run["Id"] for run in first["JobRuns"] + rest["JobRuns"]]
    assert listed == started[::-1]
    assert "NextToken" not in rest
