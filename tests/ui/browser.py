"""A real browser by its own wire protocol (W3C WebDriver): no client library is needed."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def missing() -> str:
    """What is not on the path, or nothing."""
    if not any(map(shutil.which, BROWSERS)):
        return f"no browser: none of {', '.join(BROWSERS)} is on the path"
    return "" if shutil.which("chromedriver") else "chromedriver is not on the path"


@dataclass(frozen=True)
class Browser:
    """One session; `address` is its URL at the driver."""

    address: str

    def open(self, url: str) -> None:
        """Load a page; what the last one complained of is forgotten."""
        self.complaints()
        self._post("/url", {"url": url})

    def resize(self, width: int, height: int = 900) -> None:
        """Set the viewport, also below the smallest window that a desktop allows."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.cdp("Emulation.setDeviceMetricsOverride", metrics)

    def scheme(self, name: str) -> None:
        """Prefer `light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.cdp("Emulation.setEmulatedMedia", {"features": features})

    def run(self, script: str) -> Any:
        """What the body of a JavaScript function returns."""
        return self._post("/execute/sync", {"script": script, "args": []})

    def wait(self, script: str, seconds: float = 10) -> Any:
        """The first true value of a script. Raises TimeoutError."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if value := self.run(script):
                return value
            time.sleep(0.1)
        raise TimeoutError(script)

    def screenshot(self, path: Path) -> None:
        """The whole page as PNG."""
        height = self.run("return document.documentElement.scrollHeight")
        self.resize(self.run("return window.innerWidth"), min(int(height), 6000))
        path.write_bytes(base64.b64decode(self._get("/screenshot")))

    def complaints(self) -> list[str]:
        """Errors of the page's console so far."""
        entries = self._post("/se/log", {"type": "browser"})
        return [item["message"] for item in entries if item["level"] == "SEVERE"]

    def cdp(self, command: str, parameters: dict[str, Any]) -> Any:
        return self._post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return _ask(self.address + path, body)

    def _get(self, path: str) -> Any:
        return _ask(self.address + path, None)


@contextmanager
def session() -> Iterator[Browser]:
    """A headless browser of its own driver; both end with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    driver = subprocess.Popen(
        ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        base = f"http://127.0.0.1:{port}"
        _until_ready(base)
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": ARGUMENTS,
                "binary": next(filter(None, map(shutil.which, BROWSERS))),
            },
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        made = _ask(f"{base}/session", {"capabilities": {"alwaysMatch": wanted}})
        address = f"{base}/session/{made['sessionId']}"
        try:
            yield Browser(address)
        finally:
            urllib.request.urlopen(
                urllib.request.Request(address, method="DELETE"), timeout=20
            ).close()
    finally:
        driver.terminate()
        driver.wait(10)


def _until_ready(base: str) -> None:
    for _ in range(100):
        try:
            if _ask(f"{base}/status", None)["ready"]:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("chromedriver does not answer")


def _ask(url: str, body: dict[str, Any] | None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["value"]
