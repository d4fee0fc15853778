"""Tags of Glue's resources, kept by the resource part of their ARN (`job/user_activity`)."""

from __future__ import annotations

from local.glue.state import Action, Doc, State


class Tags:
    """The tag actions of the API."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> dict[str, Action]:
        """Every action served here, by its name on the wire."""
        return {"TagResource": self.add, "UntagResource": self.remove, "GetTags": self.get}

    def add(self, request: Doc) -> Doc:
        with self._state.changing():
            tags = self._state.section("tags").setdefault(_resource(request), {})
            tags.update(request.get("TagsToAdd", {}))
        return {}

    def remove(self, request: Doc) -> Doc:
        with self._state.changing():
            tags = self._state.section("tags").get(_resource(request), {})
            for key in request.get("TagsToRemove", []):
                tags.pop(key, None)
        return {}

    def get(self, request: Doc) -> Doc:
        return {"Tags": self._state.section("tags").get(_resource(request), {})}


def _resource(request: Doc) -> str:
    return str(request.get("ResourceArn", "")).split(":", 5)[-1]
