"""Job runs: started under the job's concurrency limit, followed to their end, announced."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Protocol

from local.glue.errors import GlueError, invalid, not_found
from local.glue.runs.jobs import Jobs
from local.glue.state import Action, Doc, State, now, page

ACTIVE = ("STARTING", "RUNNING", "STOPPING")


class Stopped(Exception):
    """The run was stopped on request."""


class TimedOut(Exception):
    """The run outlived its Timeout."""


class Failed(Exception):
    """The run failed; the text says why in one line."""


class Executor(Protocol):
    """Runs a job's script to its end; raises Stopped, TimedOut or Failed."""

    def __call__(
        self, job: Doc, run: Doc, started: Callable[[], None], stop: threading.Event
    ) -> None: ...


class Runs:
    """The run actions of the API. `announce` gets each run that has ended, once."""

    def __init__(
        self, state: State, jobs: Jobs, execute: Executor, announce: Callable[[Doc], None]
    ) -> None:
        self._state = state
        self._jobs = jobs
        self._execute = execute
        self._announce = announce
        self._live: dict[str, tuple[threading.Thread, threading.Event]] = {}
        self._abandon_lost()

    def actions(self) -> dict[str, Action]:
        """Every action served here, by its name on the wire."""
        return {
            "StartJobRun": self.start,
            "GetJobRun": self.get,
            "GetJobRuns": self.get_all,
            "BatchStopJobRun": self.stop,
        }

    def start(self, request: Doc) -> Doc:
        name = request.get("JobName", "")
        with self._state.changing():
            job = self._jobs.find(name)
            runs = self._state.section("runs").setdefault(name, [])
            limit = job["ExecutionProperty"].get("MaxConcurrentRuns", 1)
            if sum(run["JobRunState"] in ACTIVE for run in runs) >= limit:
                raise GlueError(
                    "ConcurrentRunsExceededException", f"Concurrent runs exceeded for {name}"
                )
            run = _new_run(job, request)
            runs.append(run)
            stop = threading.Event()
            thread = threading.Thread(
                target=self._follow, args=(dict(job), run, stop), name=run["Id"], daemon=True
            )
            self._live[run["Id"]] = (thread, stop)
        thread.start()
        return {"JobRunId": run["Id"]}

    def get(self, request: Doc) -> Doc:
        with self._state.reading():
            run = self._find(request.get("JobName", ""), request.get("RunId", ""))
            return {"JobRun": dict(run)}

    def get_all(self, request: Doc) -> Doc:
        name = request.get("JobName", "")
        with self._state.reading():
            self._jobs.find(name)
            every = [dict(run) for run in self._state.section("runs").get(name, [])]
        runs, more = page(every[::-1], request)
        return {"JobRuns": runs, **more}

    def stop(self, request: Doc) -> Doc:
        name = request.get("JobName", "")
        stopped, errors = [], []
        for run_id in request.get("JobRunIds", []):
            about = {"JobName": name, "JobRunId": run_id}
            try:
                self._stop_one(name, run_id)
            except GlueError as error:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                errors.append({**about, "ErrorDetail": detail})
            else:
                stopped.append(about)
        return {"SuccessfulSubmissions": stopped, "Errors": errors}

    def stop_everything(self, seconds: float = 10) -> None:
        """Stops all runs and waits until their processes are gone; for the end of the server."""
        live = list(self._live.values())
        for _, stop in live:
            stop.set()
        for thread, _ in live:
            thread.join(seconds)

    def _stop_one(self, name: str, run_id: str) -> None:
        with self._state.changing():
            run = self._find(name, run_id)
            if run["JobRunState"] not in ACTIVE:
                raise invalid(f"Run {run_id} is in state {run['JobRunState']}.")
            run.update(JobRunState="STOPPING", LastModifiedOn=now())
            self._live[run_id][1].set()

    def _find(self, name: str, run_id: str) -> Doc:
        for run in self._state.section("runs").get(name, []):
            if run["Id"] == run_id:
                found: Doc = run
                return found
        raise not_found(f"Job run {run_id} of job {name}")

    def _follow(self, job: Doc, run: Doc, stop: threading.Event) -> None:
        def started() -> None:
            with self._state.changing():
                if run["JobRunState"] == "STARTING":
                    run.update(JobRunState="RUNNING", LastModifiedOn=now())

        outcome, message = "SUCCEEDED", ""
        try:
            self._execute(job, dict(run), started, stop)
        except Stopped:
            outcome = "STOPPED"
        except TimedOut:
            outcome, message = "TIMEOUT", f"Job run exceeded its {run['Timeout']} minutes"
        except Failed as error:
            outcome, message = "FAILED", str(error)
        self._end(run, outcome, message)
        del self._live[run["Id"]]
        self._announce(dict(run))

    def _end(self, run: Doc, outcome: str, message: str) -> None:
        with self._state.changing():
            ended = now()
            seconds = round(ended - run["StartedOn"])
            run.update(JobRunState=outcome, CompletedOn=ended, LastModifiedOn=ended)
            run.update(ExecutionTime=seconds, DPUSeconds=round(seconds * run["MaxCapacity"], 1))
            if message:
                run["ErrorMessage"] = message

    def _abandon_lost(self) -> None:
        """Fails the runs that the last server took down with it."""
        for runs in self._state.section("runs").values():
            for run in runs:
                if run["JobRunState"] in ACTIVE:
                    self._end(run, "FAILED", "The local Glue endpoint ended during the run")


def _new_run(job: Doc, request: Doc) -> Doc:
    started = now()
    return {
        "Id": "jr_" + secrets.token_hex(32),
        "Attempt": 0,
        "JobName": job["Name"],
        "StartedOn": started,
        "LastModifiedOn": started,
        "JobRunState": "STARTING",
        "Arguments": dict(request.get("Arguments") or {}),
        "PredecessorRuns": [],
        "AllocatedCapacity": job["AllocatedCapacity"],
        "ExecutionTime": 0,
        "Timeout": request.get("Timeout") or job["Timeout"],
        "MaxCapacity": job["MaxCapacity"],
        "WorkerType": request.get("WorkerType") or job["WorkerType"],
        "NumberOfWorkers": request.get("NumberOfWorkers") or job["NumberOfWorkers"],
        "LogGroupName": "/aws-glue/jobs",
        "GlueVersion": job.get("GlueVersion", "5.1"),
        "ExecutionClass": job["ExecutionClass"],
    }
