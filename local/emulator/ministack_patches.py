"""Where the wire cannot correct MiniStack: private names of exactly version 1.5.33."""

from __future__ import annotations

import contextvars
import dataclasses
import json
import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import unescape

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import eventbridge, lambda_svc, s3

from local.emulator import ministack_copies
from local.glue.runs.aws import state_change
from local.glue.state import Doc

LOOK_SECONDS = 5.0  # after which a waiting event looks whether its function was switched off
AWAKENED = 2  # for each process that is free again; one may wait for another function's
KEY_IN_XML = re.compile(rb"(<(?:Key|KeyMarker|NextKeyMarker|Prefix|Delimiter)>)([^<]*)")

# Headers of a write that AWS offers to policies as condition keys, and MiniStack does not.
CONDITION_HEADERS = (
    "if-match",
    "if-none-match",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
)

_waits = contextvars.ContextVar("waits", default=False)
_freed = threading.Condition()


def apply() -> None:
    """All corrections, before the first request."""
    queue_asynchronous_invocations()
    call_failure_destinations()
    complete_conditions()
    complete_trust()
    encode_keys_of_versions()
    ministack_copies.share()


def complete_conditions() -> None:
    """Lets bucket policies see the conditions and keys of a write."""
    known = iam_actions.s3_service_context

    def context(
        action: str, query: Doc | None, path: str = "", headers: dict[str, str] | None = None
    ) -> Doc:
        found: Doc = known(action, query, path, headers)
        if action == "s3:PutObject":
            given = headers or {}
            found.update({f"s3:{name}": given[name] for name in CONDITION_HEADERS if name in given})
        return found

    iam_actions.s3_service_context = context


def encode_keys_of_versions() -> None:
    """Lets ListObjectVersions honour `encoding-type=url`, which every AWS client asks for.

    Without it a key with a control character makes the whole answer unreadable XML.
    """
    known = s3._list_object_versions

    def listed(bucket: str, query: Doc) -> tuple[int, Doc, bytes]:
        status, headers, body = known(bucket, query)
        if status == 200 and "url" in query.get("encoding-type", ()):
            body = KEY_IN_XML.sub(_encoded, body)
            end = b"</ListVersionsResult>"
            body = body.replace(end, b"<EncodingType>url</EncodingType>" + end)
        return status, headers, body

    s3._list_object_versions = listed


def _encoded(match: re.Match[bytes]) -> bytes:
    text = unescape(match[2].decode(), {"&quot;": '"', "&apos;": "'"})
    return match[1] + quote(text, safe="/").encode()


def complete_trust() -> None:
    """Gives a role's trust policy aws:SourceAccount when the account itself acts as a service.

    MiniStack lets the account's root pass for any service, but without that key.
    """
    known = iam_evaluator.evaluate_trust_policy

    def trusts(document: str | Doc, caller: str, context: Any = None) -> bool:
        if context is not None and caller.endswith(":root"):
            keys = {**context.service_context, "aws:sourceaccount": context.principal_account}
            context = dataclasses.replace(context, service_context=keys)
        return bool(known(document, caller, context))

    iam_evaluator.evaluate_trust_policy = trusts


def queue_asynchronous_invocations() -> None:
    """Lets events wait for a free Lambda process, as AWS's queue does, instead of throttling them.

    MiniStack counts a throttle as one of three attempts and loses the event; it
    hands EventBridge's events to the function once, without any retry. Thousands may wait: each
    sleeps until a process is free.
    """
    acquire = lambda_svc._acquire_execution_slot
    release = lambda_svc._release_execution_slot
    invoke_async = lambda_svc.invoke_async_with_retry

    def patient_acquire(func: Doc, config: Doc) -> Any:
        with _freed:
            slot = acquire(func, config)
            while slot[0] is None and _waits.get() and not _disabled(func, config):
                _freed.wait(LOOK_SECONDS)
                slot = acquire(func, config)
        return slot

    def telling_release(key: str) -> None:
        release(key)
        with _freed:
            _freed.notify(AWAKENED)

    def patient_invoke(func: Doc, event: Doc) -> None:
        token = _waits.set(True)
        try:
            invoke_async(func, event)
        finally:
            _waits.reset(token)

    lambda_svc._acquire_execution_slot = patient_acquire
    lambda_svc._release_execution_slot = telling_release
    lambda_svc.invoke_async_with_retry = patient_invoke
    eventbridge._dispatch_to_lambda = _dispatch


def _disabled(func: Doc, config: Doc) -> bool:
    return bool(lambda_svc._reserved_concurrency(func, config) == 0)


def _dispatch(arn: str, payload: str) -> None:
    func, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if func and config:
        record = lambda_svc._execution_record_for_config(func, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))


def call_failure_destinations() -> None:
    """Lets a function that is a failure destination be called as by any event, and a dead letter
    queue beside it have the event too.

    MiniStack calls it once, whether there is room or not, and tells the queue nothing.
    """
    known = lambda_svc._route_async_failure

    def route(target: str, name: str, event: Doc, result: Doc) -> None:
        if ":function:" not in target:
            known(target, name, event, result)
            return
        config = lambda_svc._functions[name]["config"]
        queue = (config.get("DeadLetterConfig") or {}).get("TargetArn")
        if queue:
            known(queue, name, event, result)
        record = {
            "requestContext": {
                "functionArn": config["FunctionArn"],
                "condition": "RetriesExhausted",
            },
            "requestPayload": event,
            "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
            "responsePayload": result.get("body"),
        }
        _dispatch(target, json.dumps(record))

    lambda_svc._route_async_failure = route


def announcer(account: str, region: str) -> Callable[[Doc], None]:
    """Puts Glue's events on the bus: PutEvents, like AWS's, refuses sources that begin with aws."""

    def put(run: Doc) -> None:
        set_request_account_id(account)
        set_request_region(region)
        eventbridge._put_events({"Entries": [state_change(run)]}, allow_aws_source=True)

    def announce(run: Doc) -> None:
        contextvars.copy_context().run(put, run)

    return announce
