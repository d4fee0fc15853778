"""Every key of the contract is changed by a test that sees what follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakegate import contract
from lakegate.contract.source.schema import schema
from scripts.documents import data
from tests import keys
from tests.unit.contract import test_batch_keys, test_policy_keys

TESTS = Path(__file__).parents[2]
# One more line of a contract, in the first place of each case.
LISTS: tuple[Any, ...] = (
    *(test_policy_keys.FILES, test_policy_keys.NEEDED, test_policy_keys.ENGINES),
    *(test_policy_keys.ATTEMPTS, [(test_policy_keys.FEWER,)]),
    *(test_batch_keys.DEADLINES, test_batch_keys.STALE, test_batch_keys.GRACES),
)
DELAY, TEXT = "{name: delay, type: int", "What it is."
TOLD_DATE = f"date, description: {TEXT}"
TOLD = [
    ("  flights:\n", f"  flights:\n    description: {TEXT}\n"),
    (DELAY, f"{DELAY}, description: {TEXT}"),
    ("  found:\n", f"  found:\n    description: {TEXT}\n"),
    (
        keys.GRAIN,
        f"{keys.GRAIN}\n    columns: [{keys.DECLARED.replace('date', TOLD_DATE)}]",
    ),
]
WORDS = "duckdb/projects/test_contract_keys.py::test_every_name_may_be_a_word_of_sql"
DECLARED = "unit/transform/test_resolve.py::test_declared_columns_must_be_those_that_are_found"
ELSEWHERE = {
    "version": "unit/contract/test_load.py::test_version_1_loads_with_one_warning",
    "project": "unit/local/test_projects.py::test_each_project_has_a_folder_of_its_own",
    "sql": "unit/contract/test_project.py::test_a_path_may_leave_the_folder_within_one_checkout",
    "sample_data": "unit/contract/test_project.py::"
    "test_the_demo_is_a_project_whose_parts_lie_elsewhere",
    "datasets.*.columns.*.name": WORDS,
    "gold_tables.*.columns.*.name": DECLARED,
    "gold_tables.*.columns.*.type": DECLARED,
    "gold_tables.*.totals": WORDS,
}


def known(node: dict[str, Any], path: str = "") -> Iterator[str]:
    """The keys that the schema lets a contract have; `*` is a name of its own, or an item."""
    if "$ref" in node:
        node = schema()["$defs"][node["$ref"].rpartition("/")[2]]
    for name, inner in node.get("properties", {}).items():
        yield f"{path}{name}"
        yield from known(inner, f"{path}{name}.")
    for word in ("items", "additionalProperties"):
        if isinstance(node.get(word), dict):
            yield from known(node[word], f"{path}*.")
    for inner in node.get("anyOf", ()):
        yield from known(inner, path)


def values(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The keys of a contract with what they hold."""
    yield path.removesuffix("."), repr(node)
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from values(inner, f"{path}{name}.")
    if isinstance(node, list):
        for place, inner in enumerate(node):
            yield from values(inner, f"{path}{place}.")


def changed(text: str) -> set[str]:
    """The keys of the contract of these tests that are others in that text."""
    before, after = (dict(values(yaml.safe_load(item))) for item in (keys.YAML, text))
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def is_of(key: str, pattern: str) -> bool:
    words, wanted = key.split("."), pattern.split(".")
    return len(words) == len(wanted) and all(
        want in ("*", word) for word, want in zip(words, wanted, strict=True)
    )


def test_every_key_is_changed_by_a_case() -> None:
    texts = [*map(keys.yaml_of, keys.CASES), *map(keys.yaml_of, keys.POLICIES)]
    texts += [keys.YAML + case[0] for cases in LISTS for case in cases]
    texts += [keys.YAML.replace(*edit) for edit in TOLD]
    found = set().union(*map(changed, texts))
    missing = {key for key in known(schema()) if not any(is_of(one, key) for one in found)}
    assert missing <= {*ELSEWHERE}
    assert len({*known(schema())}) > 50


@pytest.mark.parametrize("place", ELSEWHERE.values())
def test_other_keys_have_a_test_of_their_own(place: str) -> None:
    file, _, name = place.partition("::")
    assert f"def {name}(" in (TESTS / file).read_text()


@pytest.mark.parametrize("edit", TOLD)
def test_the_dictionary_says_what_the_contract_says(tmp_path: Path, edit: tuple[str, str]) -> None:
    case = keys.Case("", (edit,), [], {})
    assert TEXT in data.tables(contract.load(keys.write(tmp_path, case)))
