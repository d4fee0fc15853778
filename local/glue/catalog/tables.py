"""Databases and tables of the catalog."""

from __future__ import annotations

from local.glue.errors import already_exists, not_found
from local.glue.state import Action, Doc, State, now, page

CATALOG = "000000000000"


class Catalog:
    """The database and table actions of the API."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> dict[str, Action]:
        """Every action served here, by its name on the wire."""
        return {
            "CreateDatabase": self.create_database,
            "UpdateDatabase": self.update_database,
            "DeleteDatabase": self.delete_database,
            "GetDatabase": self.get_database,
            "GetDatabases": self.get_databases,
            "CreateTable": self.create_table,
            "UpdateTable": self.update_table,
            "DeleteTable": self.delete_table,
            "GetTable": self.get_table,
            "GetTables": self.get_tables,
            "GetPartitionIndexes": self.get_indexes,
        }

    def create_database(self, request: Doc) -> Doc:
        fields = request["DatabaseInput"]
        with self._state.changing():
            databases = self._state.section("databases")
            if fields["Name"] in databases:
                raise already_exists(f"Database {fields['Name']}")
            databases[fields["Name"]] = {**fields, "CreateTime": now(), "CatalogId": CATALOG}
            if request.get("Tags"):
                tags = self._state.section("tags")
                tags[f"database/{fields['Name']}"] = dict(request["Tags"])
        return {}

    def update_database(self, request: Doc) -> Doc:
        with self._state.changing():
            database = self._database(request["Name"])
            created = database["CreateTime"]
            database.clear()
            database.update(request["DatabaseInput"], CreateTime=created, CatalogId=CATALOG)
        return {}

    def delete_database(self, request: Doc) -> Doc:
        name = request["Name"]
        with self._state.changing():
            self._database(name)
            del self._state.section("databases")[name]
            self._state.section("tags").pop(f"database/{name}", None)
            for section in ("tables", "partitions"):
                documents = self._state.section(section)
                for key in [key for key in documents if key.startswith(f"{name}/")]:
                    del documents[key]
        return {}

    def get_database(self, request: Doc) -> Doc:
        return {"Database": self._database(request["Name"])}

    def get_databases(self, request: Doc) -> Doc:
        databases, more = page(list(self._state.section("databases").values()), request)
        return {"DatabaseList": databases, **more}

    def create_table(self, request: Doc) -> Doc:
        database, fields = request["DatabaseName"], request["TableInput"]
        key = f"{database}/{fields['Name']}"
        with self._state.changing():
            self._database(database)
            tables = self._state.section("tables")
            if key in tables:
                raise already_exists(f"Table {fields['Name']}")
            tables[key] = _table(fields, database, created=now(), version=0)
        return {}

    def update_table(self, request: Doc) -> Doc:
        database, fields = request["DatabaseName"], request["TableInput"]
        with self._state.changing():
            old = self._table(database, fields["Name"])
            version = int(old["VersionId"]) + 1
            fresh = _table(fields, database, created=old["CreateTime"], version=version)
            self._state.section("tables")[f"{database}/{fields['Name']}"] = fresh
        return {}

    def delete_table(self, request: Doc) -> Doc:
        database, name = request["DatabaseName"], request["Name"]
        with self._state.changing():
            self._table(database, name)
            del self._state.section("tables")[f"{database}/{name}"]
            self._state.section("partitions").pop(f"{database}/{name}", None)
        return {}

    def get_table(self, request: Doc) -> Doc:
        return {"Table": self._table(request["DatabaseName"], request["Name"])}

    def get_tables(self, request: Doc) -> Doc:
        self._database(request["DatabaseName"])
        prefix = f"{request['DatabaseName']}/"
        every = self._state.section("tables")
        tables, more = page([every[key] for key in every if key.startswith(prefix)], request)
        return {"TableList": tables, **more}

    def get_indexes(self, request: Doc) -> Doc:
        self._table(request["DatabaseName"], request["TableName"])
        return {"PartitionIndexDescriptorList": []}

    def _database(self, name: str) -> Doc:
        database: Doc | None = self._state.section("databases").get(name)
        if database is None:
            raise not_found(f"Database {name}")
        return database

    def _table(self, database: str, name: str) -> Doc:
        self._database(database)
        table: Doc | None = self._state.section("tables").get(f"{database}/{name}")
        if table is None:
            raise not_found(f"Table {name}")
        return table


def _table(fields: Doc, database: str, created: float, version: int) -> Doc:
    return {
        **fields,
        "DatabaseName": database,
        "CreateTime": created,
        "UpdateTime": now(),
        "IsRegisteredWithLakeFormation": False,
        "CatalogId": CATALOG,
        "VersionId": str(version),
    }
