"""Glue alone, beside an emulator that has none: `python -m local.glue.server`.

Read from the environment: AWS_ENDPOINT_URL (where all else of AWS is), AWS_REGION,
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and GLUE_HOST, GLUE_PORT, GLUE_STATE,
GLUE_NAMES (host names that requests may name besides those of loopback), SPARK_JARS
(colon-separated files), S3A_PACKAGES, SPARK_MASTER, SPARK_DRIVER_MEMORY, SPARK_OPTIONS
(name=value, separated by blanks), AWS_ENDPOINT_URL_GLUE (this endpoint, as jobs reach it).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from local.glue.app import Glue
from local.glue.guard import Guard
from local.glue.runs.aws import Aws
from local.glue.runs.spark import SparkSettings
from local.glue.serve import GlueApp, assemble, serve


def build(environment: Mapping[str, str]) -> Glue:
    """The Glue that the environment describes."""
    aws = Aws(
        url=environment["AWS_ENDPOINT_URL"],
        region=environment.get("AWS_REGION", "us-east-1"),
        credentials={
            "AWS_ACCESS_KEY_ID": environment.get("AWS_ACCESS_KEY_ID", "test"),
            "AWS_SECRET_ACCESS_KEY": environment.get("AWS_SECRET_ACCESS_KEY", "test"),
        },
    )
    jars = filter(None, environment.get("SPARK_JARS", "").split(os.pathsep))
    settings = SparkSettings(
        python=sys.executable,
        jars=tuple(map(Path, jars)),
        packages=environment.get("S3A_PACKAGES", ""),
        master=environment.get("SPARK_MASTER", "local[*]"),
        driver_memory=environment.get("SPARK_DRIVER_MEMORY", "2g"),
        options=options(environment.get("SPARK_OPTIONS", "")),
        variables={
            name: environment[name] for name in ("AWS_ENDPOINT_URL_GLUE",) if name in environment
        },
    )
    folder = Path(environment.get("GLUE_STATE", "/var/lib/glue"))
    return assemble(folder, aws, settings, aws.announce)


def options(text: str) -> dict[str, str]:
    """Spark settings by name, from `name=value` words quoted as in a shell."""
    return dict(word.split("=", 1) for word in shlex.split(text))


def main() -> None:
    """Serves until SIGTERM, then stops the runs."""
    glue = build(os.environ)
    host = os.environ.get("GLUE_HOST", "127.0.0.1")
    names = os.environ.get("GLUE_NAMES", "").split()
    # The port is the container's; the one that it is published on differs.
    serve(
        Guard(GlueApp(glue), names, any_port=True),
        glue,
        host,
        int(os.environ.get("GLUE_PORT", "4567")),
    )


if __name__ == "__main__":
    main()
