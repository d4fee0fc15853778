"""What can be wrong with a case."""


class CaseError(ValueError):
    """A case that cannot be run; the message names file, place and what is allowed."""
