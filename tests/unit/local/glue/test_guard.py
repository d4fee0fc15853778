"""Local servers refuse what a browser alone sends, and nothing that a client of AWS sends."""

from __future__ import annotations

import asyncio

import pytest

from local.glue.asgi import Message, Receive, Recorded, Scope, Send, replay
from local.glue.guard import Guard

PORT = 4566
OPEN = [(b"access-control-allow-origin", b"*"), (b"Access-Control-Allow-Headers", b"*")]


async def emulator(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [*OPEN, (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"let in"})


def ask(guard: Guard, *headers: tuple[str, str], method: str = "GET") -> Recorded:
    """The answer to a request with those headers."""
    answer = Recorded()
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": "/",
        "server": ("127.0.0.1", PORT),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(guard(scope, replay(b""), answer))
    return answer


@pytest.mark.parametrize(
    "host", ["127.0.0.1:4566", "localhost:4566", "[::1]:4566", "b.localhost:4566"]
)
def test_a_client_is_let_in(host: str) -> None:
    assert ask(Guard(emulator), ("host", host)).body == b"let in"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:4566",
        "127.0.0.1.evil.example:4566",
        "localhost.evil.example:4566",
        "evillocalhost:4566",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:4567",
        "spark:4566",
        "",
    ],
)
def test_a_foreign_host_is_refused(host: str) -> None:
    assert ask(Guard(emulator), ("host", host)).status == 403


def test_no_host_or_two_are_refused() -> None:
    assert ask(Guard(emulator)).status == 403
    own = ("host", "127.0.0.1:4566")
    assert ask(Guard(emulator), own, ("Host", "evil.example")).status == 403


@pytest.mark.parametrize(
    "header",
    [
        ("Origin", "http://evil.example"),
        ("origin", "null"),
        ("Origin", "http://127.0.0.1:4566"),
        ("Sec-Fetch-Site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ],
)
def test_what_a_page_sends_is_refused(header: tuple[str, str]) -> None:
    assert ask(Guard(emulator), ("host", "127.0.0.1:4566"), header).status == 403


def test_preflights_are_refused() -> None:
    assert ask(Guard(emulator), ("host", "127.0.0.1:4566"), method="OPTIONS").status == 403


def test_no_answer_can_be_read_by_another_origin() -> None:
    start = ask(Guard(emulator), ("host", "127.0.0.1:4566")).messages[0]
    assert start["headers"] == [(b"content-type", b"text/plain")]


def test_a_container_takes_its_own_names_on_any_port() -> None:
    guard = Guard(emulator, ["spark"], any_port=True)
    assert ask(guard, ("host", "spark:4567")).status == 200
    assert ask(guard, ("host", "127.0.0.1:9999")).status == 200
    assert ask(guard, ("host", "evil.example:4567")).status == 403


def test_other_protocols_are_closed() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Guard(emulator)({"type": "websocket", "headers": []}, replay(b""), send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
