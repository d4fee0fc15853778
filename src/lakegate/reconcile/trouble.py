"""Trouble with one thing must not stop the work on the others, and must not be forgotten."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from lakegate.aws.errors import LedgerError

KINDS = (BotoCoreError, ClientError, LedgerError)

log = logging.getLogger("reconciler")


@dataclass
class Trouble:
    """Collects errors of AWS and of the ledger; anything else is a fault of ours and propagates."""

    errors: list[Exception] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.errors)

    @contextmanager
    def caught(self, what: str, **fields: str) -> Iterator[None]:
        """Keep and log an error of the block instead of raising it."""
        try:
            yield
        except KINDS as error:
            self.errors.append(error)
            log.error(  # noqa: TRY400 - the traceback adds nothing to a refused request
                "step failed, to be retried",
                extra={**fields, "what": what, "reason": str(error)[:500]},
            )

    def raise_any(self) -> None:
        """Raise what was kept, so that the platform counts and alarms it."""
        if self.errors:
            raise ExceptionGroup(f"{self.count} steps had trouble", self.errors)
