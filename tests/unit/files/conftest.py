"""The contract of the project, and a validator whose requests end in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lakegate.aws.store import Store
from lakegate.contract import Contract, load
from lakegate.files.event import ObjectRef
from lakegate.files.move import Lake
from lakegate.files.validate import Outcome, Validator
from tests.fakes.cloud import Cloud
from tests.fakes.s3 import Version

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load(ROOT / "config" / "pipeline.yaml")


@dataclass
class World:
    """Four buckets in memory, and a validator over them."""

    cloud: Cloud
    validator: Validator

    def upload(self, key: str, body: bytes) -> ObjectRef:
        """The reference that an event about this upload would give."""
        return self.ref(self.cloud.s3.put("bronze", key, body))

    def ref(self, version: Version) -> ObjectRef:
        size = len(version.body or b"")
        return ObjectRef(
            version.key, version.version_id, size, version.etag, sequencer=version.sequencer
        )

    def process(self, ref: ObjectRef) -> Outcome:
        return self.validator.process(ref, self.cloud.now)

    def records(self) -> dict[str, Any]:
        """The rejection records by key."""
        found = self.cloud.s3.contents("quarantine")
        return {key: json.loads(body) for key, body in found.items()}

    def silver(self) -> dict[str, bytes]:
        return self.cloud.s3.contents("silver")


def make_world(contract: Contract) -> World:
    """A new account with a validator of that contract."""
    cloud = Cloud()
    names = ("bronze", "silver", "quarantine", "control")
    cloud.s3.buckets.update({name: {} for name in names})
    s3 = cloud.client("s3")
    store = Store(s3, "control", sleep=cloud.sleep)
    return World(cloud, Validator(contract, Lake(s3, *names[:3]), store))


@pytest.fixture
def world(contract: Contract) -> World:
    return make_world(contract)
