"""Who may put code on this machine: only who signs with the stack's own secret.

MiniStack checks the signatures of roles and users, not those of its root key. A function or a job
made with that key runs here as the user, and so does the script of a job, which is an object of S3.
Calls that make or change one of them are checked: the signature is computed again by botocore from
the request as it came.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.glue.asgi import Scope

FUNCTIONS = re.compile(
    r"/20[0-9]{2}-[0-9]{2}-[0-9]{2}/(?:functions|layers|event-source-mappings)\b"
)
INVOCATION = re.compile(r"/(?:invocations|invoke-async/?|response-streaming-invocations)\Z")
SCRIPTS = re.compile(r"(?:/[^/]+)?/artifacts/")
ADMIN = "/_ministack/"
FORM = b"multipart/form-data"
JOBS = frozenset({"CreateJob", "UpdateJob", "BatchStopJobRun", "StartJobRun"})
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<key>[^/, ]*)/(?P<day>[0-9]{8})/(?P<region>[^/]*)/"
    r"(?P<service>[^/]*)/aws4_request, *SignedHeaders=(?P<signed>[^, ]*), *"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
ROOT_KEY = re.compile(r"test|[0-9]{12}|")


def makes_code(scope: Scope, glue_action: str | None) -> bool:
    """Whether the request makes, changes or starts something that runs as a program here."""
    if glue_action is not None:
        return glue_action in JOBS
    path = scope["path"]
    if scope["method"] not in {"POST", "PUT", "PATCH"}:
        return False
    if path.startswith(ADMIN) or SCRIPTS.match(path) or _is_form(scope):
        return True
    return bool(FUNCTIONS.match(path)) and not INVOCATION.search(path)


def _is_form(scope: Scope) -> bool:
    """Whether it is a form of a page: the key of the object that it makes is in the body."""
    return any(n == b"content-type" and v.lower().startswith(FORM) for n, v in scope["headers"])


@dataclass(frozen=True)
class Signatures:
    """Checks requests that are signed with the root key against its secret."""

    secret: str

    def refusal(self, scope: Scope, body: bytes) -> str:
        """Why the request may not make code; empty where it may, or where a role signs it.

        Roles and users have keys of their own, whose signatures MiniStack checks.
        """
        headers = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]}
        match = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        if match is None:
            return "it is not signed by a header"
        if not ROOT_KEY.fullmatch(match["key"]):
            return ""
        if not hmac.compare_digest(self._expected(scope, headers, body, match), match["signature"]):
            return "it is not signed with the secret of this stack (. .local/env)"
        return ""

    def _expected(
        self, scope: Scope, headers: Mapping[str, str], body: bytes, match: re.Match[str]
    ) -> str:
        signed = {name: headers[name] for name in match["signed"].split(";") if name in headers}
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        url = f"http://{headers.get('host', '')}{path}" + (f"?{query}" if query else "")
        request = AWSRequest(scope["method"], url, headers=signed, data=body)
        request.context["timestamp"] = headers.get("x-amz-date", "")
        kind = S3SigV4Auth if match["service"] == "s3" else SigV4Auth
        auth = kind(Credentials(match["key"], self.secret), match["service"], match["region"])
        text = auth.string_to_sign(request, auth.canonical_request(request))
        return str(auth.signature(text, request))
