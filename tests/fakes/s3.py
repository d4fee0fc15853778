"""S3 as far as the pipeline uses it: versions, delete markers, conditions, pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import ClassVar
from urllib.parse import quote, unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from tests.fakes.wire import Reply, Request


@dataclass(frozen=True)
class Version:
    """One version of a key; a delete marker has no body."""

    key: str
    version_id: str
    body: bytes | None
    modified: datetime
    sequencer: str
    content_type: str = "binary/octet-stream"

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body or b"").hexdigest()}"'


@dataclass
class Upload:
    """A multipart upload that is neither complete nor aborted."""

    bucket: str
    key: str
    begun: datetime
    content_type: str
    parts: dict[int, bytes] = field(default_factory=dict)


@dataclass
class FakeS3:
    """All buckets; every method answers one request and changes state at once.

    `copy_conditions`: whether CopyObject honours If-None-Match on its target, as AWS does and the
    emulators do not. `page`: most keys in one listing. `least_part`: bytes of a part but the last.
    """

    clock: Callable[[], datetime]
    copy_conditions: bool = True
    page: int = 1000
    buckets: dict[str, dict[str, list[Version]]] = field(default_factory=dict)
    least_part: ClassVar[int] = 5 * 2**20
    written: list[tuple[str, Version]] = field(default_factory=list)
    serial: int = 0
    uploads: dict[str, Upload] = field(default_factory=dict)

    def handle(self, request: Request) -> Reply:
        """The answer to a request, by its operation."""
        if request.bucket not in self.buckets:
            return error(404, "NoSuchBucket")
        handler: Callable[[Request], Reply] | None = getattr(
            self, f"_{request.operation.lower()}", None
        )
        return error(501, "NotImplemented") if handler is None else handler(request)

    # What tests look at.

    def put(self, bucket: str, key: str, body: bytes, content_type: str = "") -> Version:
        """A new version, written from outside of the pipeline."""
        self.serial += 1
        nth = len(self.buckets[bucket].get(key, []))
        version = Version(
            key,
            hashlib.sha1(f"{bucket}/{key}/{nth}".encode()).hexdigest()[:32],
            body,
            self.clock().astimezone(UTC).replace(microsecond=0),
            f"{0x5A5DED6DCD90000000 + self.serial:018X}",
            content_type or "binary/octet-stream",
        )
        self.buckets[bucket].setdefault(key, []).append(version)
        self.written.append((bucket, version))
        return version

    def delete(self, bucket: str, key: str) -> None:
        """A delete marker on top of a key."""
        self.serial += 1
        marker = Version(key, f"marker{self.serial:026d}", None, self.clock(), "")
        self.buckets[bucket].setdefault(key, []).append(marker)

    def current(self, bucket: str, key: str) -> Version | None:
        """The version that a plain GET finds."""
        versions = self.buckets[bucket].get(key, [])
        return versions[-1] if versions and versions[-1].body is not None else None

    def contents(self, bucket: str) -> dict[str, bytes]:
        """Current bodies by key."""
        return {
            key: versions[-1].body
            for key, versions in sorted(self.buckets[bucket].items())
            if versions[-1].body is not None
        }

    # Operations.

    def _find(self, request: Request) -> Version | Reply:
        wanted = request.query.get("versionId")
        versions = self.buckets[request.bucket].get(request.key, [])
        if wanted is not None:
            version = next((item for item in versions if item.version_id == wanted), None)
            if version is None:
                return error(404, "NoSuchVersion")
            return error(405, "MethodNotAllowed") if version.body is None else version
        return self.current(request.bucket, request.key) or error(404, "NoSuchKey")

    def _headobject(self, request: Request) -> Reply:
        found = self._find(request)
        if isinstance(found, Reply):
            return Reply(found.status)
        size = str(len(found.body or b""))
        return Reply(200, headers={**_headers(found), "content-length": size})

    def _getobject(self, request: Request) -> Reply:
        found = self._find(request)
        if isinstance(found, Reply):
            return found
        if request.headers.get("if-match", found.etag) != found.etag:
            return error(412, "PreconditionFailed")
        body = found.body or b""
        wanted = request.headers.get("range")
        if wanted is None:
            return Reply(200, body, _headers(found))
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(0, len(body) - int(last))
        stop = min(int(last) + 1, len(body)) if first and last else len(body)
        if start >= len(body):
            return error(416, "InvalidRange")
        span = {"content-range": f"bytes {start}-{stop - 1}/{len(body)}"}
        return Reply(206, body[start:stop], {**_headers(found), **span})

    def _conditions(self, request: Request) -> Reply | None:
        current = self.current(request.bucket, request.key)
        if request.headers.get("if-none-match") == "*" and current is not None:
            return error(412, "PreconditionFailed")
        etag = request.headers.get("if-match")
        if etag is not None:
            if current is None:
                return error(404, "NoSuchKey")
            if etag.strip('"') != current.etag.strip('"'):
                return error(412, "PreconditionFailed")
        return None

    def _putobject(self, request: Request) -> Reply:
        refused = self._conditions(request)
        if refused is not None:
            return refused
        content_type = request.headers.get("content-type", "")
        return Reply(
            200, headers=_headers(self.put(request.bucket, request.key, request.body, content_type))
        )

    def _copyobject(self, request: Request) -> Reply:
        refused = self._conditions(request) if self.copy_conditions else None
        if refused is not None:
            return refused
        path, _, query = request.headers["x-amz-copy-source"].partition("?versionId=")
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        versions = self.buckets.get(bucket, {}).get(key, [])
        wanted = [item for item in versions if not query or item.version_id == query][-1:]
        if not wanted or wanted[0].body is None:
            return error(404, "NoSuchVersion" if query else "NoSuchKey")
        expected = request.headers.get("x-amz-copy-source-if-match", wanted[0].etag)
        if expected.strip('"') != wanted[0].etag.strip('"'):
            return error(412, "PreconditionFailed")
        made = self.put(request.bucket, request.key, wanted[0].body)
        body = f"<CopyObjectResult><ETag>{escape(made.etag)}</ETag></CopyObjectResult>"
        return Reply(
            200,
            body.encode(),
            {
                "x-amz-version-id": made.version_id,
                "x-amz-copy-source-version-id": wanted[0].version_id,
            },
        )

    def _createmultipartupload(self, request: Request) -> Reply:
        self.serial += 1
        name = f"upload{self.serial}"
        content_type = request.headers.get("content-type", "")
        self.uploads[name] = Upload(request.bucket, request.key, self.clock(), content_type)
        return _xml("InitiateMultipartUploadResult", f"<UploadId>{name}</UploadId>")

    def _uploadpart(self, request: Request) -> Reply:
        upload = self.uploads.get(request.query["uploadId"])
        if upload is None:
            return error(404, "NoSuchUpload")
        upload.parts[int(request.query["partNumber"])] = request.body
        return Reply(200, headers={"etag": f'"{hashlib.md5(request.body).hexdigest()}"'})

    def _completemultipartupload(self, request: Request) -> Reply:
        upload = self.uploads.get(request.query["uploadId"])
        if upload is None:
            return error(404, "NoSuchUpload")
        refused = self._conditions(request)
        if refused is not None:
            return refused
        sizes = [len(upload.parts[number]) for number in sorted(upload.parts)]
        if any(size < self.least_part for size in sizes[:-1]):
            return error(400, "EntityTooSmall")
        body = b"".join(upload.parts[number] for number in sorted(upload.parts))
        made = self.put(request.bucket, request.key, body, upload.content_type)
        del self.uploads[request.query["uploadId"]]
        return _xml("CompleteMultipartUploadResult", f"<ETag>{escape(made.etag)}</ETag>")

    def _abortmultipartupload(self, request: Request) -> Reply:
        if self.uploads.pop(request.query["uploadId"], None) is None:
            return error(404, "NoSuchUpload")
        return Reply(204)

    def _listmultipartuploads(self, request: Request) -> Reply:
        after = request.query.get("key-marker", ""), request.query.get("upload-id-marker", "")
        waiting = sorted(
            (upload.key, name, upload)
            for name, upload in self.uploads.items()
            if upload.bucket == request.bucket and (upload.key, name) > after
        )
        items = "".join(
            f"<Upload><Key>{escape(key)}</Key><UploadId>{name}</UploadId>"
            f"<Initiated>{upload.begun.strftime('%Y-%m-%dT%H:%M:%S.000Z')}</Initiated></Upload>"
            for key, name, upload in waiting[: self.page]
        )
        more = len(waiting) > self.page
        if more:
            key, name, _ = waiting[self.page - 1]
            items += f"<NextKeyMarker>{escape(key)}</NextKeyMarker>"
            items += f"<NextUploadIdMarker>{name}</NextUploadIdMarker>"
        return _xml("ListMultipartUploadsResult", _list_head(more) + items)

    def _deleteobject(self, request: Request) -> Reply:
        self.delete(request.bucket, request.key)
        return Reply(204)

    def _deleteobjects(self, request: Request) -> Reply:
        for element in ElementTree.fromstring(request.body).iter():
            if element.tag.endswith("Key"):
                self.delete(request.bucket, element.text or "")
        return Reply(200, b"<DeleteResult></DeleteResult>")

    def _listobjectsv2(self, request: Request) -> Reply:
        prefix = request.query.get("prefix", "")
        delimiter = request.query.get("delimiter", "")
        token = unquote(request.query.get("continuation-token", ""))
        start = token or request.query.get("start-after", "")
        limit = min(int(request.query.get("max-keys", self.page)), self.page)
        entries: dict[str, str] = {}
        for key in sorted(self.buckets[request.bucket]):
            version = self.current(request.bucket, key)
            if version is None or not key.startswith(prefix):
                continue
            head, found, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
            name = prefix + head + found if found else key
            if name <= start or name in entries:
                continue
            if len(entries) == limit:
                more = f"<NextContinuationToken>{quote(list(entries)[-1])}</NextContinuationToken>"
                return _xml("ListBucketResult", _list_head(True) + more + "".join(entries.values()))
            entries[name] = (
                f"<CommonPrefixes><Prefix>{quote(name)}</Prefix></CommonPrefixes>"
                if found
                else f"<Contents>{_item(version)}</Contents>"
            )
        return _xml("ListBucketResult", _list_head(False) + "".join(entries.values()))

    def _listobjectversions(self, request: Request) -> Reply:
        prefix = request.query.get("prefix", "")
        limit = min(int(request.query.get("max-keys", self.page)), self.page)
        after_key = request.query.get("key-marker", "")
        after_version = request.query.get("version-id-marker", "")
        entries: list[str] = []
        last: Version | None = None
        for key in sorted(self.buckets[request.bucket]):
            if not key.startswith(prefix) or key < after_key:
                continue
            versions = list(reversed(self.buckets[request.bucket][key]))
            if key == after_key:
                ids = [item.version_id for item in versions]
                versions = versions[ids.index(after_version) + 1 :] if after_version else []
            for version in versions:
                if last is not None and len(entries) == limit:
                    more = f"<NextKeyMarker>{quote(last.key)}</NextKeyMarker>"
                    more += f"<NextVersionIdMarker>{last.version_id}</NextVersionIdMarker>"
                    return _xml("ListVersionsResult", _list_head(True) + more + "".join(entries))
                last = version
                latest = version is self.buckets[request.bucket][key][-1]
                flags = f"<IsLatest>{str(latest).lower()}</IsLatest>"
                flags += f"<VersionId>{version.version_id}</VersionId>"
                tag = "DeleteMarker" if version.body is None else "Version"
                entries.append(f"<{tag}>{_item(version)}{flags}</{tag}>")
        return _xml("ListVersionsResult", _list_head(False) + "".join(entries))


def error(status: int, code: str) -> Reply:
    """An S3 error answer."""
    return Reply(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())


def _headers(version: Version) -> dict[str, str]:
    return {
        "etag": version.etag,
        "x-amz-version-id": version.version_id,
        "last-modified": format_datetime(version.modified, usegmt=True),
        "content-type": version.content_type,
    }


def _item(version: Version) -> str:
    return (
        f"<Key>{quote(version.key)}</Key><Size>{len(version.body or b'')}</Size>"
        f"<ETag>{escape(version.etag)}</ETag>"
        f"<LastModified>{version.modified.strftime('%Y-%m-%dT%H:%M:%S.000Z')}</LastModified>"
    )


def _list_head(truncated: bool) -> str:
    """Every client of ours asks for `encoding-type=url`, without which some keys are no XML."""
    encoding = "<EncodingType>url</EncodingType>"
    return f"<IsTruncated>{str(truncated).lower()}</IsTruncated>{encoding}"


def _xml(tag: str, inner: str) -> Reply:
    return Reply(200, f"<{tag}>{inner}</{tag}>".encode())
