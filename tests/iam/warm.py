"""Stands for the job's script: runs share one Spark process, which a first run with --STAY is.

That one holds the role's credentials and does the real job for the others, which hand their
arguments over; so each run costs no JVM of its own.
"""

from __future__ import annotations

import sys
import time
from multiprocessing.connection import Client, Listener
from pathlib import Path

ADDRESS = str(Path(__file__).resolve().parents[1] / "warm.socket")
PATIENCE = 300


def stay() -> None:
    """Does the job for whoever asks, one after the other; answers with what went wrong."""
    # Those who ask need not load Spark.
    from glue_jobs import job  # noqa: PLC0415
    from lakegate.transform.errors import JobError  # noqa: PLC0415

    with Listener(ADDRESS, "AF_UNIX") as listener:
        while True:
            with listener.accept() as asked:
                try:
                    job.main(asked.recv())
                    asked.send("")
                except (SystemExit, JobError) as error:
                    asked.send(str(error))


def ask(arguments: list[str]) -> str:
    """Has the job done; answers with what went wrong."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with Client(ADDRESS, "AF_UNIX") as there:
                there.send(arguments)
                answer: str = there.recv()
                return answer
        except FileNotFoundError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    if "--STAY" in sys.argv:
        stay()
    sys.exit(ask(sys.argv[1:]) or 0)
