"""DescribeAlarms in the query protocol with every field: the emulator's XML has about ten."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import botocore.session
from botocore.model import ListShape, Shape, StructureShape

from local.glue.asgi import Asgi, Receive, Recorded, Scope, Send, read_body, replay, send_content

NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/"
JSON_TARGET = b"GraniteServiceVersion20100801.DescribeAlarms"
FORM = b"application/x-www-form-urlencoded"
NOT_CARRIED = (b"content-type", b"content-length", b"authorization", b"x-amz-security-token")


def may_be_asked(scope: Scope) -> bool:
    """Whether a request is a form POST to the root, as the query protocol sends."""
    return scope["method"] == "POST" and any(
        name == b"content-type" and value.startswith(FORM) for name, value in scope["headers"]
    )


async def serve(emulator: Asgi, scope: Scope, receive: Receive, send: Send) -> None:
    """Passes a form on; a DescribeAlarms that was let in is answered from the JSON protocol."""
    body = await read_body(receive)
    form = dict(parse_qsl(body.decode()))
    if form.get("Action") != "DescribeAlarms":
        await emulator(scope, replay(body), send)
        return
    verdict = Recorded()
    await emulator(scope, replay(body), verdict)
    if verdict.status != 200:
        await verdict.send_on(send)
        return
    complete = Recorded()
    await emulator(_as_json(scope), replay(json.dumps(_request(form)).encode()), complete)
    await _send_xml(send, complete)


def _request(form: dict[str, str]) -> dict[str, Any]:
    request: dict[str, Any] = {}
    for name, value in form.items():
        head, _, rest = name.partition(".member.")
        if rest:
            request.setdefault(head, []).append(value)
        elif head == "MaxRecords":
            request[head] = int(value)
        elif head not in {"Action", "Version"}:
            request[head] = value
    return request


def _as_json(scope: Scope) -> Scope:
    """The same call in the JSON protocol, as the account itself: its rights were checked."""
    kept = [(name, value) for name, value in scope["headers"] if name not in NOT_CARRIED]
    credential = _scope_of_signature(scope)
    fresh = [
        (b"content-type", b"application/x-amz-json-1.0"),
        (b"x-amz-target", JSON_TARGET),
        (
            b"authorization",
            f"AWS4-HMAC-SHA256 Credential=test/{credential}, SignedHeaders=host, "
            "Signature=0".encode(),
        ),
    ]
    return {**scope, "headers": [*kept, *fresh]}


def _scope_of_signature(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization" and b"Credential=" in value:
            text: str = value.decode("latin-1")
            return text.split("Credential=", 1)[1].split(",", 1)[0].split("/", 1)[1]
    return "20260101/us-east-1/monitoring/aws4_request"


async def _send_xml(send: Send, answer: Recorded) -> None:
    document = json.loads(answer.body)
    inner = _members(_output_shape(), document)
    content = (
        f'<DescribeAlarmsResponse xmlns="{NAMESPACE}"><DescribeAlarmsResult>{inner}'
        "</DescribeAlarmsResult><ResponseMetadata><RequestId>local</RequestId>"
        "</ResponseMetadata></DescribeAlarmsResponse>"
    ).encode()
    await send_content(send, answer.status, b"text/xml", content)


@cache
def _output_shape() -> StructureShape:
    model = botocore.session.get_session().get_service_model("cloudwatch")
    shape = model.operation_model("DescribeAlarms").output_shape
    assert isinstance(shape, StructureShape)
    return shape


def _members(shape: StructureShape, document: dict[str, Any]) -> str:
    parts = []
    for name, member in shape.members.items():
        value = document.get(name)
        if value is not None and value != "":
            parts.append(f"<{name}>{_xml(member, value)}</{name}>")
    return "".join(parts)


def _xml(shape: Shape, value: Any) -> str:
    if isinstance(shape, StructureShape):
        return _members(shape, value)
    if isinstance(shape, ListShape):
        return "".join(f"<member>{_xml(shape.member, one)}</member>" for one in value)
    if shape.type_name == "boolean":
        return str(bool(value)).lower()
    if shape.type_name == "timestamp":
        return _timestamp(value)
    return escape(str(value))


def _timestamp(value: Any) -> str:
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")
    return escape(str(value))
