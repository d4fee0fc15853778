"""Reads what S3 tells into references to object versions; nothing is asked of AWS here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

MAJOR_VERSION = "2"


@dataclass(frozen=True)
class ObjectRef:
    """One version of one bronze object, as an event or a listing tells of it; size in bytes.

    `after` is for versions found by listing: short ids of the older versions of the key.
    """

    key: str
    version_id: str
    size: int | None = None
    etag: str | None = None
    sequencer: str | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A record of an event that is not for us; `reason` is one of a few fixed words."""

    reason: str


def parse(event: Any, bucket: str) -> list[ObjectRef | Refusal]:
    """What S3 tells of `bucket` itself or through EventBridge; `s3:TestEvent` asks nothing."""
    if not isinstance(event, Mapping):
        return [Refusal("not_an_event")]
    if event.get("Event") == "s3:TestEvent":
        return []
    if event.get("source") == "aws.s3":
        return [_parse_bridged(event, bucket)]
    records = event.get("Records")
    if not isinstance(records, list):
        return [Refusal("not_an_event")]
    return [_parse(record, bucket) for record in records]


def _parse(record: Any, bucket: str) -> ObjectRef | Refusal:
    try:
        if str(record["eventVersion"]).split(".")[0] != MAJOR_VERSION:
            return Refusal("unknown_event_version")
        if not record["eventName"].startswith("ObjectCreated:"):
            return Refusal("not_a_creation")
        if record["s3"]["bucket"]["name"] != bucket:
            return Refusal("foreign_bucket")
        item = record["s3"]["object"]
        # Keys are form-encoded once; decoding twice would turn `%252e` into a dot.
        key = unquote_plus(item["key"], errors="strict")
        version, etag = item.get("versionId"), item.get("eTag")
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError):
        return Refusal("malformed_record")
    return _reference(key, version, etag, item)


def _parse_bridged(event: Mapping[str, Any], bucket: str) -> ObjectRef | Refusal:
    """EventBridge's form: a record an event, its key as it is."""
    try:
        if event["detail-type"] != "Object Created":
            return Refusal("not_a_creation")
        if event["detail"]["bucket"]["name"] != bucket:
            return Refusal("foreign_bucket")
        item = event["detail"]["object"]
        key, version, etag = item["key"], item.get("version-id"), item.get("etag")
    except (KeyError, TypeError, AttributeError):
        return Refusal("malformed_record")
    if not isinstance(key, str):
        return Refusal("malformed_record")
    return _reference(key, version, etag, item)


def _reference(key: str, version: Any, etag: Any, item: Mapping[str, Any]) -> ObjectRef | Refusal:
    if not isinstance(version, str) or not version:
        return Refusal("unversioned_object")
    size = item.get("size")
    return ObjectRef(
        key=key,
        version_id=version,
        size=size if isinstance(size, int) else None,
        etag=_text(etag),
        sequencer=_text(item.get("sequencer")),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
