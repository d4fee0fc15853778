"""Dead letters go back to the function, whichever shape they have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lakegate.aws.redrive import Redriven, event_of, redrive

EVENT = {"Records": [{"eventName": "ObjectCreated:Put"}]}
ENVELOPE = {
    "version": "1.0",
    "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
    "requestPayload": EVENT,
    "responsePayload": {"errorType": "ClientError"},
}


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (json.dumps(EVENT), EVENT),
        (json.dumps(ENVELOPE), EVENT),
        (json.dumps(ENVELOPE | {"requestPayload": json.dumps(EVENT)}), EVENT),
        ("nonsense", None),
        ("[]", None),
        (json.dumps({"requestPayload": "nonsense"}), None),
    ],
)
def test_the_event_is_found(body: str, event: dict[str, Any] | None) -> None:
    assert event_of(body) == event


class Queue:
    """SQS: received messages are out of sight until they are deleted."""

    def __init__(self, *bodies: str) -> None:
        self.waiting = [{"Body": body, "ReceiptHandle": str(n)} for n, body in enumerate(bodies)]
        self.hidden: list[dict[str, str]] = []

    def receive_message(self, **_: Any) -> dict[str, Any]:
        taken, self.waiting = self.waiting[:2], self.waiting[2:]
        self.hidden += taken
        return {"Messages": taken} if taken else {}

    def delete_message(self, ReceiptHandle: str, **_: Any) -> None:
        self.hidden = [item for item in self.hidden if item["ReceiptHandle"] != ReceiptHandle]


class Functions:
    """Lambda: fails on events that say so."""

    def __init__(self) -> None:
        self.payloads: list[Any] = []

    def invoke(self, Payload: bytes, **_: Any) -> dict[str, Any]:
        self.payloads.append(json.loads(Payload))
        return {"FunctionError": "Unhandled"} if "fail" in self.payloads[-1] else {}


def test_what_is_handled_is_deleted_and_the_rest_stays() -> None:
    queue = Queue(json.dumps(ENVELOPE), "nonsense", json.dumps({"fail": 1}), json.dumps(EVENT))
    functions: Any = Functions()
    sqs: Any = queue
    assert redrive(sqs, functions, "url", "validator") == Redriven(2, 1, 1)
    assert functions.payloads == [EVENT, {"fail": 1}, EVENT]
    assert [item["Body"] for item in queue.hidden] == ["nonsense", '{"fail": 1}']
