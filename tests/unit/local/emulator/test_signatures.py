"""Code can be made only with the stack's own secret: requests signed by boto3 itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict

from local.emulator.signatures import Signatures, makes_code
from local.glue.asgi import Scope

SECRET = "the-secret-of-this-stack"


def sent(call: Callable[[Any], object], service: str, key: str, secret: str) -> tuple[Scope, bytes]:
    """What a client puts on the wire for a call."""
    client: Any = boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url="http://127.0.0.1:4566",
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
    )
    requests: list[AWSPreparedRequest] = []

    def kept(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        requests.append(request)
        return AWSResponse(request.url, 200, HeadersDict(), None)  # type: ignore[arg-type]

    client.meta.events.register("before-send", kept)
    try:
        call(client)
    except Exception:  # noqa: BLE001 - the answer is empty; the request is what counts
        assert requests
    request, url = requests[0], urlsplit(requests[0].url)
    headers = [(str(name).encode(), _bytes(value)) for name, value in request.headers.items()]
    scope: Scope = {
        "type": "http",
        "method": request.method,
        "path": url.path,
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "headers": [*headers, (b"host", url.netloc.encode())],
    }
    return scope, _bytes(request.body)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def make_function(client: Any) -> None:
    client.create_function(FunctionName="f", Role="r" * 20, Code={"ZipFile": b"zip"})


def make_job(client: Any) -> None:
    client.create_job(Name="j", Role="r", Command={"Name": "glueetl"}, Tags={"ü": "a b"})


CALLS = [("lambda", make_function), ("glue", make_job)]


@pytest.mark.parametrize(("service", "call"), CALLS)
def test_the_own_secret_is_taken(service: str, call: Callable[[Any], None]) -> None:
    assert Signatures(SECRET).refusal(*sent(call, service, "test", SECRET)) == ""


@pytest.mark.parametrize(("service", "call"), CALLS)
@pytest.mark.parametrize("key", ["test", "000000000000"])
def test_another_secret_is_refused(service: str, call: Callable[[Any], None], key: str) -> None:
    assert "secret of this stack" in Signatures(SECRET).refusal(*sent(call, service, key, "test"))


def test_another_body_than_the_signed_one_is_refused() -> None:
    scope, body = sent(make_function, "lambda", "test", SECRET)
    assert "secret of this stack" in Signatures(SECRET).refusal(scope, body + b" ")


def test_a_role_is_left_to_the_emulator() -> None:
    assert Signatures(SECRET).refusal(*sent(make_function, "lambda", "ASIAROLE", "its own")) == ""


def test_no_signature_is_refused() -> None:
    scope, body = sent(make_function, "lambda", "test", SECRET)
    scope["headers"] = [item for item in scope["headers"] if item[0].lower() != b"authorization"]
    assert Signatures(SECRET).refusal(scope, body) == "it is not signed by a header"


@pytest.mark.parametrize(
    ("method", "path", "action", "expected"),
    [
        ("POST", "/2015-03-31/functions", None, True),
        ("PUT", "/2015-03-31/functions/f/code", None, True),
        ("POST", "/2015-03-31/functions/f/invocations", None, False),
        ("GET", "/2015-03-31/functions/f", None, False),
        ("POST", "/2018-10-31/layers/l/versions", None, True),
        ("PUT", "/bucket/2015-03-31/functions", None, False),
        ("POST", "/", "CreateJob", True),
        ("POST", "/", "GetJob", False),
        ("PUT", "/lake-control/artifacts/12ab/job.py", None, True),
        ("PUT", "/artifacts/12ab/job.py", None, True),
        ("POST", "/lake-control/artifacts/12ab/job.py", None, True),
        ("GET", "/lake-control/artifacts/12ab/job.py", None, False),
        ("PUT", "/lake-bronze/b/artifacts-0001.json", None, False),
        ("POST", "/_ministack/config", None, True),
        ("GET", "/_ministack/health", None, False),
    ],
)
def test_what_makes_code(method: str, path: str, action: str | None, expected: bool) -> None:
    assert makes_code({"method": method, "path": path, "headers": []}, action) is expected


def test_a_form_may_make_any_object() -> None:
    kind = (b"content-type", b"multipart/form-data; boundary=x")
    assert makes_code({"method": "POST", "path": "/lake-control", "headers": [kind]}, None)


def put_script(client: Any) -> None:
    client.put_object(Bucket="lake-control", Key="artifacts/12ab/job.py", Body=b"print()")


@pytest.mark.parametrize(("secret", "said"), [(SECRET, ""), ("test", "secret of this stack")])
def test_a_script_of_a_job_is_put_with_the_own_secret(secret: str, said: str) -> None:
    assert said in (found := Signatures(SECRET).refusal(*sent(put_script, "s3", "test", secret)))
    assert bool(said) is bool(found)
