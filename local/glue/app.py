"""The Glue endpoint one action and its JSON in, status and JSON out."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from local.glue.asgi import Scope
from local.glue.catalog.partitions import Partitions
from local.glue.catalog.security import Security
from local.glue.catalog.tables import Catalog
from local.glue.catalog.tags import Tags
from local.glue.errors import GlueError
from local.glue.runs.api import Executor, Runs
from local.glue.runs.jobs import Jobs
from local.glue.state import Action, Doc, State

logger = logging.getLogger(__name__)


class Glue:
    """All actions by their wire names, over one state."""

    def __init__(self, state: State, execute: Executor, announce: Callable[[Doc], None]) -> None:
        jobs = Jobs(state)
        self.runs = Runs(state, jobs, execute, announce)
        self.actions: dict[str, Action] = {
            **jobs.actions(),
            **self.runs.actions(),
            **Catalog(state).actions(),
            **Partitions(state).actions(),
            **Security(state).actions(),
            **Tags(state).actions(),
        }

    def answer(self, action: str, body: bytes) -> tuple[int, Doc]:
        """Status and document for one request."""
        handle = self.actions.get(action)
        if handle is None:
            return 400, {
                "__type": "UnknownOperationException",
                "message": f"{action} is not served by the local Glue endpoint",
            }
        try:
            return 200, handle(json.loads(body or b"{}"))
        except GlueError as error:
            logger.info("%s -> %s: %s", action, error.code, error.message)
            return 400, {"__type": error.code, "Message": error.message}
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            logger.exception("%s could not be read", action)
            return 400, {"__type": "InvalidInputException", "Message": f"{action}: {error!r}"}


def action_of(scope: Scope) -> str | None:
    """The Glue action that an HTTP request names, or None when it is for another service."""
    for name, value in scope["headers"]:
        if name == b"x-amz-target":
            service, _, action = value.decode("latin-1").partition(".")
            return str(action) if service == "AWSGlue" else None
    return None
