"""What can be wrong with a request to the generator."""


class GeneratorError(ValueError):
    """A request that cannot be served; the message says why and what is possible."""
