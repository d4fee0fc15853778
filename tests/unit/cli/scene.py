"""A lake in memory, and the acts of the pipeline on it, through the pipeline's own ledger."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from lakegate import contract
from lakegate.aws import codec
from lakegate.cli.lake import Lake
from lakegate.cli.settings import NAMES, Settings
from lakegate.contract import Contract
from lakegate.files import rejection
from lakegate.files.event import ObjectRef
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected
from lakegate.ledger import arrivals, claims, gate, keys, publication
from lakegate.ledger.engines.door import Starter
from lakegate.ledger.engines.glue import GlueStarter
from lakegate.ledger.records import Arrival, Claim, Ended, Engine, Manifest, Published
from tests.unit.cli.account import Account

ROOT = Path(__file__).parents[3]
SETTINGS = Settings(**{name: name.replace("_", "-") for name in NAMES})
BUCKETS = [name.replace("_", "-") for name in NAMES if name.endswith("bucket")]


@dataclass
class Scene:
    """A lake whose pipeline is moved on by hand; `minute` moves its clock."""

    cloud: Account
    contract: Contract
    versions: dict[str, int] = field(default_factory=dict)

    @property
    def lake(self) -> Lake:
        return Lake(self.cloud.client, SETTINGS, self.contract)

    @property
    def now(self) -> datetime:
        return self.cloud.now

    def minute(self, count: float = 1) -> None:
        self.cloud.now += timedelta(minutes=count)

    def arrive(self, batch: str, *stems: str, size: int = 1000) -> None:
        """Accepted files, each a new version, then one look at the gate."""
        for stem in stems:
            file = keys.file_of_stem(batch, stem)
            number = self.versions[f"{batch}/{stem}"] = self.versions.get(f"{batch}/{stem}", 0) + 1
            at = codec.stamp(self.now)
            version = f"{batch}-{stem}-v{number}"
            arrival = Arrival(f"{batch}/{file.name}", version, size, at, at, f"{number:04d}")
            arrivals.record(self.lake.store, file, arrival)
        self.look(batch)

    def manifest(self, batch: str, *files: str) -> None:
        at = codec.stamp(self.now)
        record = Manifest(f"{batch}/_manifest.json", "m1", files, at, at, "0001")
        arrivals.record_manifest(self.lake.store, batch, record)

    def look(self, batch: str) -> gate.GateOutcome:
        glue, store, clock = self.cloud.client("glue"), self.lake.store, self.cloud.clock
        engines: dict[Engine, Starter] = {
            "spark": GlueStarter(store, glue, glue, SETTINGS.glue_job, clock)
        }
        place = gate.Gate(store, engines, self.contract, lambda *_: False)
        return place.advance(batch, self.now)

    def refuse(self, batch: str, stem: str, code: Code, version: str = "bad") -> None:
        """A rejection record as the validator leaves it."""
        name = keys.file_of_stem(batch, stem).name
        self._refuse(f"{batch}/{name}", batch, stem, code, version)

    def refuse_name(self, key: str) -> None:
        """The same for a key that says nothing of a batch."""
        unknown = self.contract.keys.unknown_batch
        self._refuse(key, unknown, "name", Code.BAD_NAME, f"version of {key}")

    def _refuse(self, key: str, batch: str, name: str, code: Code, version: str) -> None:
        ref = ObjectRef(key, version, 10, "0001", "etag", ())
        document = rejection.record(
            ref, "bronze-bucket", 10, Rejected(code, "seen here", 7, 2), self.contract, self.now
        )
        place = keys.rejection(batch, name, keys.short_version(version))
        self.cloud.s3.put("quarantine-bucket", place, json.dumps(document).encode())

    def claim(self, batch: str) -> Claim:
        stored = arrivals.load(self.lake.store, batch)
        assert stored is not None
        revision = gate.decide(self.contract.gate.required, stored.record).revision
        found = claims.read(self.lake.store, batch, revision)
        assert found is not None
        return found.record

    def end_run(self, state: str, error: str = "") -> str:
        """End the newest run; its id."""
        run = self.cloud.glue.runs[-1]
        run |= {
            "JobRunState": state,
            "CompletedOn": self.now.timestamp(),
            "ExecutionTime": 42,
            "ErrorMessage": error,
        }
        return str(run["Id"])

    def publish(self, batch: str, rows: int = 10) -> Published:
        run_id = self.end_run("SUCCEEDED")
        tables = {
            name: keys.gold_run(name, batch, run_id) for name in self.lake.contract.gold_tables
        }
        claim, counts = self.claim(batch), dict.fromkeys(tables, rows)
        return publication.publish(self.lake.store, claim, run_id, tables, counts, self.now)

    def exhaust(self, batch: str, reason: str = "") -> None:
        """All attempts of the present revision have failed, or one whose data were refused."""
        claim = self.claim(batch)
        stored = claims.read(self.lake.store, batch, claim.revision)
        while stored is not None and stored.record.state != "exhausted":
            record = stored.record
            run_id = self.cloud.glue.runs[-1]["Id"]
            ended = Ended(record.attempt, run_id, "FAILED", codec.stamp(self.now), reason=reason)
            new = claims.next_attempt(record, ended, "tester", self.now)
            stored = claims.change(self.lake.store, stored, new)


def fresh() -> Scene:
    """An empty lake at noon of 2026-11-22."""
    cloud = Account()
    for bucket in BUCKETS:
        cloud.s3.buckets[bucket] = {}
    return Scene(cloud, rules())


@functools.cache
def rules() -> Contract:
    """The project's contract, read once."""
    return contract.load(ROOT / "config/pipeline.yaml")
