"""Copies that share the file of their source: private names of MiniStack's S3, version 1.5.33.

MiniStack reads a body and writes it again, for a copy as for a version that a newer one displaces.
Both can have one file under two names, because no body is ever written in place: MiniStack writes
a new file and moves it over the name, and removes names only.
"""

from __future__ import annotations

import contextvars
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.services import s3

from local.glue.state import Doc

CHECKSUMS = ("x-amz-checksum-", "x-amz-sdk-checksum-")

_shares = contextvars.ContextVar("shares", default=False)


class OnDisk(bytes):
    """Stands, empty, for a body on its way from one file to the next."""

    path: Path


def share() -> None:
    """Lets copies and displaced versions share files from now on."""
    read, read_version = s3._read_body, s3._version_body
    write, entry = s3._atomic_write, s3._version_entry_from_record

    def read_body(bucket: str, key: str, obj: Doc) -> bytes:
        if _shares.get() and obj.get("body") is None:
            shared = _at(s3._object_disk_path(bucket, key), obj["size"])
            if shared is not None:
                return shared
        body: bytes = read(bucket, key, obj)
        return body

    def version_body(objects: Doc, bucket: str, key: str, version: Doc) -> bytes | None:
        if _shares.get():
            known = version["version_id"]
            current = objects["objects"].get(key) or {"version_id": ""}
            is_current = (current.get("version_id") or "null") == known
            path = (
                s3._object_disk_path(bucket, key)
                if is_current
                else s3._version_disk_path(bucket, key, known)
            )
            shared = _at(path, version["size"])
            if shared is not None:
                return shared
        body: bytes | None = read_version(objects, bucket, key, version)
        return body

    def atomic_write(path: str, data: bytes, *, text: bool = False) -> None:
        if isinstance(data, OnDisk):
            _link(data.path, Path(path))
        else:
            write(path, data, text=text)

    def version_entry(obj: Doc, version_id: str, data: bytes | None) -> Doc:
        made: Doc = entry(obj, version_id, None if isinstance(data, OnDisk) else data)
        return made

    s3._read_body, s3._version_body = read_body, version_body
    s3._atomic_write, s3._version_entry_from_record = atomic_write, version_entry
    s3._copy_object = _sharing(s3._copy_object)
    s3._persist_displaced_version = _sharing(s3._persist_displaced_version)


def _sharing(known: Callable[..., Any]) -> Callable[..., Any]:
    """The same, with files shared; a copy whose checksum is asked for needs the bytes."""

    def shares(bucket: str, key: str, given: Any, *rest: Any) -> Any:
        token = _shares.set(not _asks_for_a_checksum(given))
        try:
            return known(bucket, key, given, *rest)
        finally:
            _shares.reset(token)

    return shares


def _asks_for_a_checksum(given: Doc | None) -> bool:
    return any(name.startswith(CHECKSUMS) for name in given or ())


def _at(path: str | None, size: int) -> OnDisk | None:
    """The body at a path, if all of it is there."""
    if path is None or not Path(path).is_file() or Path(path).stat().st_size != size:
        return None
    found = OnDisk()
    found.path = Path(path)
    return found


def _link(source: Path, target: Path) -> None:
    """Gives a file a second name, in one step, in place of what had that name."""
    beside = Path(s3.DATA_DIR) / "link.tmp"  # no key leads there, so nobody writes into it
    beside.unlink(missing_ok=True)
    try:
        os.link(source, beside)
    except OSError:  # a file system without links, or too many of them
        shutil.copyfile(source, beside)
    beside.replace(target)
    beside.unlink(missing_ok=True)  # moved onto its own file, a name stays where it was
