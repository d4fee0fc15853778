"""The record that a refused version leaves in quarantine."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import datetime
from typing import Any

from lakegate.aws import codec
from lakegate.contract import Contract, to_json
from lakegate.files.event import ObjectRef
from lakegate.files.verdict import Rejected

VERSION = 1


def record(  # noqa: PLR0913, PLR0917 - the record joins all that is known of a version
    ref: ObjectRef,
    bucket: str,
    size: int | None,
    verdict: Rejected,
    contract: Contract,
    now: datetime,
) -> dict[str, Any]:
    """What was refused, why, and what its producer should do; never a byte of the content."""
    return {
        "version": VERSION,
        **verdict.told(),
        "totals": verdict.totals,
        "offences": [dataclasses.asdict(offence) for offence in verdict.offences],
        "source": {
            "bucket": bucket,
            "key": ref.key,
            "version_id": ref.version_id,
            "etag": ref.etag,
            "size": size,
            "sequencer": ref.sequencer,
        },
        "contract_version": contract.version,
        "contract": hashlib.sha256(to_json(contract)).hexdigest()[:12],
        "validation": contract.validation,
        "rejected_at": codec.stamp(now),
    }


def unknown_stem(key: str) -> str:
    """A file stem for a key that names nothing: it shows the key's hash, never the key."""
    return "key-" + hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:12]
