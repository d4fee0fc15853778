"""Emulators without infrastructure: ours, and MiniStack as it comes."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.backends.ports import free_port
from local.backends.stack import CREDENTIALS, HOST, REGION, Stack
from local.places import ROOT, Places
from local.tools import toolchain

POLICY = '{"Version":"2012-10-17","Statement":[%s]}'
ALL = '{"Effect":"Allow","Action":"*","Resource":"*"}'


@contextmanager
def ours(folder: Path) -> Iterator[dict[str, str]]:
    """The endpoint variables of an emulator of our own."""
    stack = Stack(Places(folder), free_port(), toolchain.find(os.environ), retry_seconds=0.2)
    stack.start()
    try:
        yield stack.endpoint
    finally:
        stack.stop()


@contextmanager
def plain(folder: Path) -> Iterator[dict[str, str]]:
    """The endpoint variables of MiniStack without anything of ours around it."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "AUTH": "true",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(Places(folder).state / "s3"),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_ACCOUNT_CONCURRENCY": "2",
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.2",
        "DOCKER_HOST": "unix:///nonexistent.sock",
    }
    process = subprocess.Popen(
        [str(ROOT / ".local/venvs/emulator/bin/ministack")],
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://{HOST}:{port}"
    try:
        _wait(url)
        yield {"AWS_ENDPOINT_URL": url, "AWS_REGION": REGION, **CREDENTIALS}
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/_ministack/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(url)
