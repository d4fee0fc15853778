"""The deployed lake as the library reaches it, and a batch on its way through it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from lakegate.cli import lake as lakes
from lakegate.cli.actions import upload, watching
from lakegate.cli.errors import BatchFailedError, RefusedError, TimedOutError
from lakegate.cli.lake import Lake
from lakegate.cli.reads import explain, facts
from lakegate.cli.reads.facts import Facts
from lakegate.cli.settings import NAMES, Settings
from lakegate.contract import Contract
from lakegate.contract.wording import counted
from local.backends.choice import Backend
from local.errors import FlowError

JUDGED_SECONDS = 300
PUBLISHED_SECONDS = 7200
REPORTED_SECONDS = 30
POLL_SECONDS = 0.3
Say = Callable[[str], None]


def client_of(endpoint: Mapping[str, str]) -> Callable[[str], Any]:
    """What makes the clients of an endpoint, which a Backend names."""
    session: Any = boto3.Session(
        endpoint["AWS_ACCESS_KEY_ID"],
        endpoint["AWS_SECRET_ACCESS_KEY"],
        region_name=endpoint["AWS_REGION"],
    )

    def client(service: str) -> Any:
        own = f"AWS_ENDPOINT_URL_{service.upper()}"
        url = endpoint.get(own, endpoint["AWS_ENDPOINT_URL"])
        return session.client(service, endpoint_url=url, config=lakes.CONFIG)

    return client


def lake_of(endpoint: Mapping[str, str], outputs: Mapping[str, str], contract: Contract) -> Lake:
    """The lake behind an endpoint, with Terraform's outputs and the contract that is deployed."""
    settings = Settings(**{name: outputs[name] for name in NAMES})
    return Lake(client_of(endpoint), settings, contract)


@dataclass(frozen=True)
class Batch:
    """A batch by its name, in a lake that runs on a backend."""

    name: str
    lake: Lake
    backend: Backend

    def send(self, files: Sequence[Path], say: Say) -> list[upload.Uploaded]:
        """Puts files, or those of folders, into bronze, as any producer would."""
        try:
            planned = upload.plan(files, self.name, self.lake.contract)
        except RefusedError as error:
            what, _, where = str(error).partition("\n")
            raise FlowError(what.rstrip(":"), where.strip()) from error
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda item: upload.send(self.lake, item), planned))
        size = sum(item.size for item in done) / 1e6
        say(
            f"{counted(len(done), 'file')}, {size:,.1f} MB to s3://{self.lake.settings.bronze_bucket}"
        )
        return done

    def wait_judged(self, done: list[upload.Uploaded], say: Say) -> None:
        """Until the validator has judged each file. FlowError for rejected or missing ones."""
        try:
            watching.judgements(self.lake, done, JUDGED_SECONDS)
        except TimedOutError as error:
            raise FlowError(str(error), self._advice()) from error
        found = facts.collect(self.lake, self.name)
        for item in found.rejections:
            raise FlowError(f"{item.key} was rejected: {item.code}: {item.detail}", item.fix)
        story = explain.explain(found, self.lake.contract, datetime.now(UTC))
        if story.status.missing:
            missing = ", ".join(story.status.missing)
            raise FlowError(f"batch {self.name} is incomplete", f"missing: {missing}")
        say(f"{len(done)} of {counted(len(done), 'file')}")

    def wait_published(self, say: Say) -> None:
        """Until readers see what the run wrote. FlowError with the reason otherwise."""
        step = None
        try:
            for step in watching.steps(self.lake, self.name, PUBLISHED_SECONDS, POLL_SECONDS):
                say(step.text)
        except (BatchFailedError, TimedOutError) as error:
            told = step.text if step else str(error)
            raise FlowError(f"batch {self.name}: {told}", self._log()) from error

    def outcome(self) -> Facts:
        """The facts of the published batch, with the report that the run writes a moment later."""
        until = time.monotonic() + REPORTED_SECONDS
        while True:
            found = facts.collect(self.lake, self.name)
            pointer = found.published
            assert pointer is not None
            if found.revisions[pointer.revision].report or time.monotonic() > until:
                return found
            time.sleep(POLL_SECONDS)

    def _log(self) -> str:
        """Where the log of its last run is, or how to ask why there was none."""
        story = explain.explain(
            facts.collect(self.lake, self.name), self.lake.contract, datetime.now(UTC)
        )
        run_id = story.status.run_id
        return str(self.backend.run_log(run_id)) if run_id else self._advice()

    def _advice(self) -> str:
        return f"lakegate explain {self.name}"
