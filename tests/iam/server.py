"""The embedded emulator as a strict judge: writes every authorisation down, and asks for what AWS
asks for and MiniStack does not: KMS rights for SSE-KMS objects, s3:ListBucket for a 404, and the
catalog and the table besides their database.

`python -m tests.iam.server settings.json journal.jsonl`, in the emulator's own environment.
"""

from __future__ import annotations

import contextvars
import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ministack.app import app as emulator
from ministack.core import iam_actions, iam_evaluator
from ministack.services import s3

from local.emulator import server
from local.emulator.signatures import Signatures
from local.emulator.wrapper import Wrapper
from local.glue.asgi import Asgi, Receive, Recorded, Scope, Send, read_body, replay, send_json
from local.glue.serve import serve

READS = ("s3:GetObject", "s3:GetObjectVersion")
LOST = b"lost-"
OLD, LONG_AGO = "/run_id=jr_old/", "2020-01-01T00:00:00.000Z"

_table = contextvars.ContextVar("table", default="")


class Judge:
    """MiniStack's own, with a pen: writes down what each role was judged on."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._enforce = iam_evaluator.enforce
        self._evaluate = iam_evaluator.evaluate
        self._seen = threading.local()

    def install(self) -> None:
        iam_evaluator.evaluate = self.evaluate
        iam_evaluator.enforce = self.enforce
        iam_actions.extract_resource_arn = named_as_on_aws(iam_actions.extract_resource_arn)

    def evaluate(self, ctx: Any, policies: Any, *limits: Any) -> Any:
        """The first policies of a request are the role's; those of the resource come after."""
        result = self._evaluate(ctx, policies, *limits)
        if getattr(self._seen, "first", None) is None:
            self._seen.first = (ctx, result)
        return result

    def enforce(  # noqa: PLR0917 - MiniStack's own signature
        self,
        access_key: str,
        action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        """Refuses also when a right is missing that S3 needs on the caller's behalf."""
        denied = self._judge(access_key, action, service, region, resource_arn, service_context)
        for extra, arn, context in implied(action, resource_arn, region):
            kind = extra.partition(":")[0]
            denied = denied or self._judge(access_key, extra, kind, region, arn, context)
        return denied

    def _judge(self, *request: Any) -> Any:
        self._seen.first = None
        denied = self._enforce(*request)
        if self._seen.first is not None:
            ctx, result = self._seen.first
            line = {
                "principal": ctx.principal_arn,
                "action": ctx.action,
                "resource": ctx.resource_arn,
                "decision": "Allow" if denied is None else "Deny",
                "sid": result.matched_sid,
            }
            with self._journal.open("a") as file:
                file.write(json.dumps(line) + "\n")
        return denied


def named_as_on_aws(known: Callable[..., str]) -> Callable[..., str]:
    """MiniStack's own, corrected for aliases and rules; keeps a table's name for `implied`."""

    def extract(*request: Any) -> str:
        service, _, _, headers, body, _, region, account = request
        found = known(*request)
        asked = json.loads(body) if service in {"glue", "kms"} and body else {}
        getting_table = headers.get("x-amz-target", "").endswith("Table")
        _table.set(asked.get("Name" if getting_table else "TableName", ""))
        if service == "kms" and "AliasName" in asked:
            return f"arn:aws:kms:{region}:{account}:{asked['AliasName']}"
        return found.replace(":rule/default/", ":rule/")

    return extract


def implied(action: str, arn: str, region: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Further actions that a request needs: action, resource, condition keys."""
    if action.startswith("glue:") and ":database/" in arn:
        root, _, database = arn.rpartition(":")
        yield action, f"{root}:catalog", {}
        if table := _table.get():
            yield action, f"{root}:table/{database.partition('/')[2]}/{table}", {}
    if action not in (*READS, "s3:PutObject"):
        return
    bucket_arn, _, key = arn.partition("/")
    name = bucket_arn.rpartition(":")[2]
    objects = (s3._buckets.get(name) or {}).get("objects", {})
    if action in READS and key not in objects:
        yield "s3:ListBucket", bucket_arn, {}
        return
    encryption = s3._bucket_encryption.get(name, "")
    if "<KMSMasterKeyID>" in encryption:
        master = encryption.partition("<KMSMasterKeyID>")[2].partition("<")[0]
        context = {
            "kms:ViaService": f"s3.{region}.amazonaws.com",
            "kms:EncryptionContext:aws:s3:arn": bucket_arn,
        }
        yield "kms:Decrypt" if action in READS else "kms:GenerateDataKey", master, context


def losing_answers(inner: Asgi) -> Asgi:
    """Carries StartJobRun out and loses the answer, for batches whose name begins with lost-."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        targets = [value for name, value in scope.get("headers", []) if name == b"x-amz-target"]
        if targets != [b"AWSGlue.StartJobRun"]:
            await inner(scope, receive, send)
            return
        body, answer = await read_body(receive), Recorded()
        await inner(scope, replay(body), answer)
        if LOST in body and answer.status == 200:
            await send_json(send, 500, {"__type": "InternalServiceException", "Message": "lost"})
        else:
            await answer.send_on(send)

    return application


def ageing(inner: Asgi) -> Asgi:
    """Makes what a run of long ago has written as old as that."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await inner(scope, receive, send)
        path = scope.get("path", "")
        if scope.get("method") == "PUT" and OLD in path:
            bucket, _, key = path.removeprefix("/").partition("/")
            s3._buckets[bucket]["objects"][key]["last_modified"] = LONG_AGO

    return application


def main(arguments: list[str]) -> None:
    """Serves until SIGTERM."""
    settings = server.ServerSettings(**json.loads(Path(arguments[0]).read_text()))
    glue = server.build(settings)
    Judge(Path(arguments[1])).install()
    wrapper = Wrapper(emulator, glue, Signatures(settings.secret))
    serve(ageing(losing_answers(wrapper)), glue, server.HOST, settings.port)


if __name__ == "__main__":
    main(sys.argv[1:])
