"""Signs of life of a run that no service lists."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from lakegate.aws import codec
from lakegate.aws.errors import LedgerError
from lakegate.aws.store import Store
from lakegate.ledger import keys
from lakegate.ledger.records import Heartbeat

# A run that has been silent for that long is taken for dead; it may miss a few beats.
BEAT_SECONDS, SILENT_SECONDS = 20, 90

log = logging.getLogger(__name__)


@dataclass
class Pulse:
    """Beats while its block runs, in a thread of its own; to be entered by the fenced run only.

    `ends_by` is when the run will be stopped at the latest. `stage` may be set as it goes on.
    Trouble with a beat is logged and no trouble of the run: the next one may get through.
    """

    store: Store
    batch: str
    revision: str
    attempt: int
    run_id: str
    ends_by: datetime
    clock: Callable[[], datetime]
    every: float = BEAT_SECONDS
    stage: str = ""
    _etag: str | None = field(default=None, init=False)
    _over: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def beat(self) -> None:
        """Say that the run lives: one conditional PUT."""
        key = keys.heartbeat(self.batch, self.revision, self.attempt)
        now = codec.stamp(self.clock())
        record = Heartbeat(
            self.batch,
            self.revision,
            self.attempt,
            self.run_id,
            now,
            codec.stamp(self.ends_by),
            self.stage,
        )
        etag = self.store.put(key, record, self._etag)
        if etag is None:
            found = self.store.read(Heartbeat, key)
            etag = None if found is None else self.store.put(key, record, found.etag)
        self._etag = etag

    def __enter__(self) -> Pulse:
        self._thread = threading.Thread(target=self._go_on, name="heartbeat", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(timeout=1)

    def _go_on(self) -> None:
        while not self._over.is_set():
            try:
                self.beat()
            except (BotoCoreError, ClientError, LedgerError):
                log.warning("heartbeat missed", extra={"batch": self.batch, "run_id": self.run_id})
            self._over.wait(self.every)
