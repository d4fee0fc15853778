"""What stands in the way of a first apply is said, and nothing is changed."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts import check_account
from scripts.check_account import Finding, Place

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
OPEN: dict[str, Any] = {
    "CreateDatabaseDefaultPermissions": [{}],
    "CreateTableDefaultPermissions": [{}],
}


class Account:
    """Answers of an account, by operation; each stands for all of its services."""

    def __init__(self, **answers: Any) -> None:
        statements = [
            {"Principal": {"Service": "logs.eu-west-1.amazonaws.com"}},
            {"Principal": {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]}},
        ]
        self.answers: dict[str, Any] = {
            "head_bucket": 404,
            "get_account_settings": {"AccountLimit": {"UnreservedConcurrentExecutions": 1000}},
            "get_data_catalog_encryption_settings": {"DataCatalogEncryptionSettings": {}},
            "get_data_lake_settings": {"DataLakeSettings": OPEN},
            "get_key_policy": {"Policy": json.dumps({"Statement": statements})},
            **answers,
        }

    def __getattr__(self, operation: str) -> Any:
        def answer(**_: Any) -> Any:
            found = self.answers[operation]
            if isinstance(found, int):
                response: Any = {
                    "Error": {"Code": str(found)},
                    "ResponseMetadata": {"HTTPStatusCode": found},
                }
                raise ClientError(response, operation)
            return found

        return answer


def look(account: Account, key: str | None = None) -> list[Finding]:
    place = Place("lake-dev", "111122223333", "eu-west-1", lambda _: account, key)
    return list(check_account.look(place))


def test_an_ordinary_account_is_ready() -> None:
    assert look(Account(), KEY) == [Finding("ok", "Lambda", "1000 concurrent calls")]


@pytest.mark.parametrize(
    ("answers", "mark", "says"),
    [
        ({"head_bucket": 403}, "stop", "belongs to somebody else"),
        ({"head_bucket": {}}, "note", "is there: import it"),
        (
            {"get_account_settings": {"AccountLimit": {"UnreservedConcurrentExecutions": 10}}},
            "note",
            "10 concurrent calls: leave",
        ),
        ({"get_data_lake_settings": {"DataLakeSettings": {}}}, "note", "lake_formation = true"),
        (
            {
                "get_data_catalog_encryption_settings": {
                    "DataCatalogEncryptionSettings": {
                        "EncryptionAtRest": {
                            "CatalogEncryptionMode": "SSE-KMS",
                            "SseAwsKmsKeyId": "arn:of:catalog",
                        }
                    }
                }
            },
            "note",
            "set catalog.kms_key_arn to arn:of:catalog",
        ),
        ({"get_key_policy": {"Policy": '{"Statement": []}'}}, "stop", "admits no events."),
        ({"get_data_lake_settings": 403}, "unknown", "get_data_lake_settings"),
    ],
)
def test_what_is_in_the_way_is_said(answers: dict[str, Any], mark: str, says: str) -> None:
    assert any(item.mark == mark and says in item.says for item in look(Account(**answers), KEY))


def test_a_key_of_another_region_is_said() -> None:
    found = look(Account(), KEY.replace("eu-west-1", "us-east-1"))
    assert Finding("stop", "key", "lies in another region than eu-west-1") in found


def test_it_only_reads() -> None:
    tree = ast.parse(Path(check_account.__file__).read_text())
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    asked = {name for name in names if "_" in name}
    assert asked
    assert {name.split("_")[0] for name in asked} <= {"get", "head", "read"}
