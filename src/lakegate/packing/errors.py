"""What can be wrong with a build."""


class BuildError(Exception):
    """Something that belongs into an artifact is not there, or does not fit."""
