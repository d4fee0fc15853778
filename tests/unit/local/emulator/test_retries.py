"""A call of Terraform's that comes again: what it is answered, and what is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from local.emulator.retries import KEPT, Retries, call_of
from local.glue.asgi import Asgi, Receive, Recorded, Scope, Send, replay, send_json

TERRAFORM = (
    b"APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0 aws-sdk-go-v2/1.36"
)


class Account:
    """Makes a thing once, as AWS does, in `slow` seconds; answers with the troubles first."""

    def __init__(self, *troubles: int, slow: float = 0) -> None:
        self.asked = 0
        self._made = False
        self._slow = slow
        self._troubles = list(troubles)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await asyncio.sleep(self._slow)
        if self._troubles:
            await send_json(send, self._troubles.pop(0), {"__type": "Trouble"})
        elif self._made:
            await send_json(send, 400, {"__type": "AlreadyExistsException"})
        else:
            self._made = True
            await send_json(send, 200, {"made": self.asked})


async def attempt(retries: Retries, account: Asgi, call: bytes = b"one") -> tuple[int, bytes]:
    answer = Recorded()
    await retries.serve(call, account, {"type": "http"}, replay(b"{}"), answer)
    return answer.status, answer.body


def run(story: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(story())


def test_a_call_that_comes_again_is_answered_as_before_and_done_once() -> None:
    account = Account()

    async def story() -> list[tuple[int, bytes]]:
        retries = Retries()
        return [await attempt(retries, account) for _ in range(3)]

    answers = run(story)
    assert answers == [(200, b'{"made": 1}')] * 3
    assert account.asked == 1


def test_another_call_is_done_and_meets_what_is_there() -> None:
    account = Account()

    async def story() -> tuple[int, bytes]:
        retries = Retries()
        await attempt(retries, account, b"one")
        return await attempt(retries, account, b"two")

    status, body = run(story)
    assert status == 400
    assert b"AlreadyExists" in body


@pytest.mark.parametrize("trouble", [400, 429, 500, 503])
def test_a_call_that_failed_is_tried_anew(trouble: int) -> None:
    account = Account(trouble)

    async def story() -> list[int]:
        retries = Retries()
        return [(await attempt(retries, account))[0] for _ in range(3)]

    assert run(story) == [trouble, 200, 200]
    assert account.asked == 2


def test_an_attempt_waits_for_the_one_under_way() -> None:
    account = Account(slow=0.05)

    async def story() -> tuple[tuple[int, bytes], ...]:
        retries = Retries()
        return await asyncio.gather(attempt(retries, account), attempt(retries, account))

    assert list(run(story)) == [(200, b'{"made": 1}')] * 2
    assert account.asked == 1


def test_answers_do_not_pile_up() -> None:
    done: list[str] = []

    async def always(scope: Scope, receive: Receive, send: Send) -> None:
        done.append("")
        await send_json(send, 200, {})

    async def story() -> tuple[int, int]:
        retries = Retries()
        for number in range(KEPT + 1):
            await attempt(retries, always, str(number).encode())
        await attempt(retries, always, str(KEPT).encode())
        newest = len(done)
        await attempt(retries, always, b"0")
        return newest, len(done)

    assert run(story) == (KEPT + 1, KEPT + 2)


@pytest.mark.parametrize(
    ("method", "agent", "found"),
    [
        ("POST", TERRAFORM, b"one"),
        ("PUT", TERRAFORM, b"one"),
        ("GET", TERRAFORM, None),
        ("HEAD", TERRAFORM, None),
        ("POST", b"Boto3/1.43.106 md/Botocore#1.43.106", None),
    ],
)
def test_only_changes_by_terraform_are_remembered(
    method: str, agent: bytes, found: bytes | None
) -> None:
    headers = [(b"user-agent", agent), (b"amz-sdk-invocation-id", b"one")]
    assert call_of({"method": method, "headers": headers}) == found


def test_a_call_without_an_id_is_not_remembered() -> None:
    assert call_of({"method": "POST", "headers": [(b"user-agent", TERRAFORM)]}) is None
