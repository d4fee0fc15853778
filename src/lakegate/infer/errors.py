"""What can be wrong with what a project is made from."""


class InferError(ValueError):
    """Files from which no contract can be made; the message says what to do."""
