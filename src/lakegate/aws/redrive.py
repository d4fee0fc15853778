"""Gives dead letters back to the function that could not handle them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True)
class Redriven:
    """How many messages were handled now, failed again, and were no event at all.

    What is not handled stays in the queue.
    """

    handled: int = 0
    failed: int = 0
    unreadable: int = 0


def event_of(body: str) -> dict[str, Any] | None:
    """The event in a dead letter, whether it is the event itself or a destination's envelope."""
    try:
        document = json.loads(body)
        if isinstance(document, dict) and "requestPayload" in document:
            document = document["requestPayload"]
        if isinstance(document, str):
            document = json.loads(document)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def redrive(  # noqa: PLR0913, PLR0917 - from where to whom
    sqs: SQSClient,
    functions: LambdaClient,
    queue_url: str,
    function: str,
    most: int = 1000,
    instead: dict[str, Any] | None = None,
) -> Redriven:
    """Call the function with each dead letter, and delete those that it handles.

    `instead` is what it is called with in the place of each letter's event.
    """
    handled = failed = unreadable = 0
    while handled + failed + unreadable < most:
        answer = sqs.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=300
        )
        messages = answer.get("Messages", [])
        if not messages:
            break
        for message in messages:
            event = event_of(message["Body"]) if instead is None else instead
            if event is None:
                unreadable += 1
                continue
            done = functions.invoke(
                FunctionName=function,
                InvocationType="RequestResponse",
                Payload=json.dumps(event).encode(),
            )
            if done.get("FunctionError"):
                failed += 1
                continue
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            handled += 1
    return Redriven(handled, failed, unreadable)
