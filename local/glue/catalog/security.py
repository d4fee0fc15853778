"""Security configurations: kept as given, encrypting nothing."""

from __future__ import annotations

from local.glue.errors import already_exists, not_found
from local.glue.state import Action, Doc, State, now, page


class Security:
    """The security configuration actions of the API."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> dict[str, Action]:
        """Every action served here, by its name on the wire."""
        return {
            "CreateSecurityConfiguration": self.create,
            "GetSecurityConfiguration": self.get,
            "GetSecurityConfigurations": self.get_all,
            "DeleteSecurityConfiguration": self.delete,
        }

    def create(self, request: Doc) -> Doc:
        name, created = request["Name"], now()
        with self._state.changing():
            kept = self._state.section("security")
            if name in kept:
                raise already_exists(f"Security configuration {name}")
            kept[name] = {
                "Name": name,
                "CreatedTimeStamp": created,
                "EncryptionConfiguration": request["EncryptionConfiguration"],
            }
        return {"Name": name, "CreatedTimestamp": created}

    def get(self, request: Doc) -> Doc:
        return {"SecurityConfiguration": self._find(request["Name"])}

    def get_all(self, request: Doc) -> Doc:
        with self._state.reading():
            found, more = page(list(self._state.section("security").values()), request)
        return {"SecurityConfigurations": found, **more}

    def delete(self, request: Doc) -> Doc:
        with self._state.changing():
            self._find(request["Name"])
            del self._state.section("security")[request["Name"]]
        return {}

    def _find(self, name: str) -> Doc:
        found: Doc | None = self._state.section("security").get(name)
        if found is None:
            raise not_found(f"Security configuration {name}")
        return found
