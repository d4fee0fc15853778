"""Errors as Glue's wire protocol names them."""

from __future__ import annotations


class GlueError(Exception):
    """An answer other than success: `code` is Glue's exception name."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def not_found(what: str) -> GlueError:
    """Glue's answer for a name that it does not know."""
    return GlueError("EntityNotFoundException", f"{what} not found.")


def already_exists(what: str) -> GlueError:
    """Glue's answer for a name that is taken."""
    return GlueError("AlreadyExistsException", f"{what} already exists.")


def invalid(message: str) -> GlueError:
    """Glue's answer for an input that it cannot take."""
    return GlueError("InvalidInputException", message)
