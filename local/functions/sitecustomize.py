"""Gives the emulator's Lambda processes the log format of Lambda: one JSON object a line.

AWS's runtime installs such a handler before it imports the function; the emulator installs none, so
that only warnings came out, without their fields. On the path of the emulator, which its Lambda
processes inherit; it does nothing in any other process.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

WORKER = "_worker.py"
OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class LambdaFormatter(logging.Formatter):
    """A record as Lambda's JSON: its own fields first, then those of `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        line |= {name: value for name, value in vars(record).items() if name not in OWN}
        if record.exc_info:
            line["stackTrace"] = self.formatException(record.exc_info).splitlines()
        return json.dumps(line, default=str)


def install() -> None:
    """Log everything from INFO on to standard error, where the emulator reads it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LambdaFormatter())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


if any(word.endswith(WORKER) for word in sys.orig_argv):
    install()
