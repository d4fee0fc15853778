"""Partitions of the catalog's tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from local.glue.errors import GlueError, already_exists, invalid, not_found
from local.glue.state import Action, Doc, State, now, page

EQUALS = re.compile(
    r"""\s*\(?\s*(?P<column>\w+)\s*=\s*(?:'(?P<text>[^']*)'|(?P<number>-?\d+))\s*\)?\s*"""
)


class Partitions:
    """The partition actions of the API."""

    def __init__(self, state: State) -> None:
        self._state = state

    def actions(self) -> dict[str, Action]:
        """Every action served here, by its name on the wire."""
        return {
            "CreatePartition": self.create,
            "UpdatePartition": self.update,
            "DeletePartition": self.delete,
            "GetPartition": self.get,
            "GetPartitions": self.get_all,
            "BatchCreatePartition": self.create_some,
            "BatchUpdatePartition": self.update_some,
            "BatchDeletePartition": self.delete_some,
            "BatchGetPartition": self.get_some,
        }

    def create(self, request: Doc) -> Doc:
        with self._state.changing():
            partitions = self._of_table(request)
            self._insert(partitions, request, request["PartitionInput"])
        return {}

    def update(self, request: Doc) -> Doc:
        with self._state.changing():
            self._replace(
                self._of_table(request),
                request,
                request["PartitionValueList"],
                request["PartitionInput"],
            )
        return {}

    def delete(self, request: Doc) -> Doc:
        with self._state.changing():
            _take(self._of_table(request), request["PartitionValues"])
        return {}

    def get(self, request: Doc) -> Doc:
        with self._state.reading():
            return {"Partition": dict(_find(self._of_table(request), request["PartitionValues"]))}

    def get_all(self, request: Doc) -> Doc:
        with self._state.reading():
            partitions = list(self._of_table(request).values())
            keys = [key["Name"] for key in self._table(request).get("PartitionKeys", [])]
        wanted = _parse(request.get("Expression") or "", keys)
        found = [
            one
            for one in partitions
            if all(one["Values"][place] == value for place, value in wanted.items())
        ]
        chosen, more = page(found, request)
        return {"Partitions": chosen, **more}

    def create_some(self, request: Doc) -> Doc:
        entries = [(fields["Values"], fields) for fields in request["PartitionInputList"]]
        return self._each(
            request, entries, lambda known, _, fields: self._insert(known, request, fields)
        )

    def update_some(self, request: Doc) -> Doc:
        entries = [(one["PartitionValueList"], one["PartitionInput"]) for one in request["Entries"]]
        return self._each(
            request,
            entries,
            lambda known, values, fields: self._replace(known, request, values, fields),
            named="PartitionValueList",
        )

    def delete_some(self, request: Doc) -> Doc:
        entries = [(one["Values"], one) for one in request["PartitionsToDelete"]]
        return self._each(request, entries, lambda known, values, _: _take(known, values))

    def get_some(self, request: Doc) -> Doc:
        with self._state.reading():
            partitions = self._of_table(request)
            wanted = [json.dumps(entry["Values"]) for entry in request["PartitionsToGet"]]
            found = [dict(partitions[key]) for key in wanted if key in partitions]
            missing = [{"Values": json.loads(key)} for key in wanted if key not in partitions]
        return {"Partitions": found, "UnprocessedKeys": missing}

    def _each(
        self,
        request: Doc,
        entries: list[tuple[list[str], Doc]],
        act: Callable[[Doc, list[str], Doc], object],
        named: str = "PartitionValues",
    ) -> Doc:
        """Does what is asked for each entry; those that cannot be are named in the answer."""
        errors = []
        with self._state.changing():
            partitions = self._of_table(request)
            for values, fields in entries:
                try:
                    act(partitions, values, fields)
                except GlueError as error:
                    detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                    errors.append({named: values, "ErrorDetail": detail})
        return {"Errors": errors}

    def _table(self, request: Doc) -> Doc:
        key = f"{request['DatabaseName']}/{request['TableName']}"
        table: Doc | None = self._state.section("tables").get(key)
        if table is None:
            raise not_found(f"Table {request['TableName']}")
        return table

    def _of_table(self, request: Doc) -> Doc:
        self._table(request)
        key = f"{request['DatabaseName']}/{request['TableName']}"
        partitions: Doc = self._state.section("partitions").setdefault(key, {})
        return partitions

    def _insert(self, partitions: Doc, request: Doc, fields: Doc) -> None:
        key = json.dumps(fields["Values"])
        if len(fields["Values"]) != len(self._table(request).get("PartitionKeys", [])):
            raise invalid(
                "The number of partition keys do not match the number of partition values"
            )
        if key in partitions:
            raise already_exists("Partition")
        partitions[key] = _partition(request, fields, created=now())

    def _replace(self, partitions: Doc, request: Doc, values: list[str], fields: Doc) -> None:
        created = _take(partitions, values)["CreationTime"]
        partitions[json.dumps(fields["Values"])] = _partition(request, fields, created=created)


def _find(partitions: Doc, values: list[str]) -> Doc:
    found: Doc | None = partitions.get(json.dumps(values))
    if found is None:
        raise not_found(f"Partition {values}")
    return found


def _take(partitions: Doc, values: list[str]) -> Doc:
    _find(partitions, values)
    taken: Doc = partitions.pop(json.dumps(values))
    return taken


def _partition(request: Doc, fields: Doc, created: float) -> Doc:
    names = {"DatabaseName": request["DatabaseName"], "TableName": request["TableName"]}
    return {**fields, **names, "CreationTime": created, "CatalogId": "000000000000"}


def _parse(expression: str, keys: list[str]) -> dict[int, str]:
    """Position and value of each `key = value`; only these, joined by `and`, are understood."""
    wanted = {}
    terms = re.split(r"\s+and\s+", expression, flags=re.IGNORECASE) if expression.strip() else []
    for term in terms:
        match = EQUALS.fullmatch(term)
        if match is None or match["column"] not in keys:
            raise invalid(f"Only key = value joined by and is understood here: {expression}")
        text = match["text"] if match["text"] is not None else match["number"]
        wanted[keys.index(match["column"])] = text
    return wanted
