"""What operators may ask of a batch: each request is audited in the ledger and safe to repeat.

A request says what it is about (the run that it rolls away, the attempt that it repeats), so that
the same request after a lost answer is told that it is done already, and one that came too late is
refused instead of doing something else.
"""

from lakegate.ledger.operations.audit import audit
from lakegate.ledger.operations.forcing import Forced, force
from lakegate.ledger.operations.replaying import Replayed, replay
from lakegate.ledger.operations.rolling import RolledBack, rollback

__all__ = ["Forced", "Replayed", "RolledBack", "audit", "force", "replay", "rollback"]
