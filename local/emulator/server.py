"""The emulator with our Glue in one process: `python -m local.emulator.server settings.json`.

Runs in the emulator's own virtual environment. MiniStack reads its own settings
from the environment, which its Lambda functions inherit: see local.stack.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ministack.app import app as emulator

from local.emulator import ministack_patches
from local.emulator.signatures import Signatures
from local.emulator.wrapper import Wrapper
from local.glue.app import Glue
from local.glue.guard import Guard
from local.glue.runs.aws import Aws
from local.glue.runs.spark import SparkSettings
from local.glue.serve import assemble, serve

HOST = "127.0.0.1"


@dataclass(frozen=True)
class ServerSettings:
    """What `local.backends.stack` tells the server, as JSON."""

    port: int
    secret: str
    folder: str
    region: str
    account: str
    spark: dict[str, Any]


def build(settings: ServerSettings) -> Glue:
    """Our Glue, with MiniStack made ready for it."""
    ministack_patches.apply()
    aws = Aws(
        f"http://{HOST}:{settings.port}",
        settings.region,
        {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": settings.secret},
        settings.account,
    )
    jars = tuple(map(Path, settings.spark["jars"]))
    spark = SparkSettings(**settings.spark | {"jars": jars})
    announce = ministack_patches.announcer(settings.account, settings.region)
    return assemble(Path(settings.folder), aws, spark, announce)


def main(arguments: list[str]) -> None:
    """Serves until SIGTERM, then stops the runs and lets the emulator write its state."""
    given: dict[str, Any] = json.loads(Path(arguments[0]).read_text())
    settings = ServerSettings(**given)
    glue = build(settings)
    wrapper = Wrapper(emulator, glue, Signatures(settings.secret))
    serve(Guard(wrapper), glue, HOST, settings.port)


if __name__ == "__main__":
    main(sys.argv[1:])
