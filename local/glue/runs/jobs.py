"""Job definitions: kept with every field they were given, so that a second plan sees no drift."""

from __future__ import annotations

from local.glue.errors import already_exists, invalid, not_found
from local.glue.state import Action, Doc, State, now, page

DEFAULTS: Doc = {
    "MaxRetries": 0,
    "Timeout": 480,
    "ExecutionProperty": {"MaxConcurrentRuns": 1},
    "WorkerType": "G.1X",
    "NumberOfWorkers": 2,
    "ExecutionClass": "STANDARD",
    "JobMode": "SCRIPT",
}
WORKER_DPU = {"G.025X": 0.25, "G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8}


class Jobs:
    """The job actions of the API."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> dict[str, Action]:
        """Every action served here, by its name on the wire."""
        return {
            "CreateJob": self.create,
            "UpdateJob": self.update,
            "DeleteJob": self.delete,
            "GetJob": self.get,
            "GetJobs": self.get_all,
            "ListJobs": self.names,
            "BatchGetJobs": self.get_some,
        }

    def find(self, name: str) -> Doc:
        """The job of that name; EntityNotFoundException without one."""
        job: Doc | None = self._state.section("jobs").get(name)
        if job is None:
            raise not_found(f"Job {name}")
        return job

    def create(self, request: Doc) -> Doc:
        name = request.get("Name")
        if not name:
            raise invalid("Name is required.")
        with self._state.changing():
            jobs = self._state.section("jobs")
            if name in jobs:
                raise already_exists(f"Job {name}")
            fields = {key: value for key, value in request.items() if key != "Tags"}
            jobs[name] = _complete(fields, created=now())
            if request.get("Tags"):
                self._state.section("tags")[f"job/{name}"] = dict(request["Tags"])
        return {"Name": name}

    def update(self, request: Doc) -> Doc:
        name = request.get("JobName", "")
        with self._state.changing():
            created = self.find(name)["CreatedOn"]
            fields = {"Name": name, **request.get("JobUpdate", {})}
            self._state.section("jobs")[name] = _complete(fields, created=created)
        return {"JobName": name}

    def delete(self, request: Doc) -> Doc:
        name = request.get("JobName", "")
        with self._state.changing():
            self._state.section("jobs").pop(name, None)
            self._state.section("runs").pop(name, None)
            self._state.section("tags").pop(f"job/{name}", None)
        return {"JobName": name}

    def get(self, request: Doc) -> Doc:
        return {"Job": self.find(request.get("JobName", ""))}

    def get_all(self, request: Doc) -> Doc:
        jobs, more = page(list(self._state.section("jobs").values()), request)
        return {"Jobs": jobs, **more}

    def names(self, request: Doc) -> Doc:
        names, more = page(list(self._state.section("jobs")), request)
        return {"JobNames": names, **more}

    def get_some(self, request: Doc) -> Doc:
        jobs = self._state.section("jobs")
        wanted = request.get("JobNames", [])
        return {
            "Jobs": [jobs[name] for name in wanted if name in jobs],
            "JobsNotFound": [name for name in wanted if name not in jobs],
        }


def _complete(fields: Doc, created: float) -> Doc:
    """A definition as Glue answers it: the fields given, defaults and what follows from them."""
    if fields.get("Command", {}).get("Name", "glueetl") != "glueetl":
        raise invalid("Only Command.Name glueetl (Spark) runs here.")
    job = {**DEFAULTS, **{key: value for key, value in fields.items() if value is not None}}
    capacity = WORKER_DPU.get(job["WorkerType"], 1) * job["NumberOfWorkers"]
    job.setdefault("MaxCapacity", capacity)
    job["AllocatedCapacity"] = int(job["MaxCapacity"])
    return {**job, "CreatedOn": created, "LastModifiedOn": now()}
