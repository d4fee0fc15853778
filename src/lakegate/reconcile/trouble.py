"""Trouble with one thing must not stop the work on the others, and must not be forgotten."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from lakegate.aws.errors import LedgerError

KINDS = (BotoCoreError, ClientError, LedgerError)
# Faults of ours that something odd in one record or name brings to light.
FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

log = logging.getLogger("reconciler")


@dataclass
class Trouble:
    """Collects what goes wrong with one batch or version, so that the others have their turn.

    Faults of ours are kept, too: a record that this code stumbles over must not stop all batches.
    """

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
        except FAULTS as error:
            self.errors.append(error)
            log.exception("step failed by a fault of the code", extra={**fields, "what": what})

    def raise_any(self) -> None:
        """Raise what was kept, so that the platform counts and alarms it."""
        if self.errors:
            raise ExceptionGroup(f"{self.count} steps had trouble", self.errors)
