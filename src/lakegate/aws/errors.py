"""What can go wrong in the ledger; AWS errors pass through as botocore raises them."""


class LedgerError(Exception):
    """Trouble that is not AWS's own: retried by the platform, never a verdict on a file."""


class ContentionError(LedgerError):
    """A compare-and-swap lost so often that giving up and being retried is better."""


class IllegalTransitionError(LedgerError):
    """A claim was asked to go where the state machine has no edge."""


class RecordError(LedgerError):
    """A record in the control bucket that this version of the code cannot read."""


class EngineError(LedgerError):
    """A claim names an engine that is not deployed here."""


class OperationRefusedError(LedgerError):
    """An operator asked for something that the state of the batch does not allow."""
