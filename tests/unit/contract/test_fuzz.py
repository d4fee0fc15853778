"""Whatever stands in a contract, it loads or ends in sentences."""

from __future__ import annotations

import copy
import tempfile
import warnings
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from lakegate import contract
from tests.unit.contract.flights import YAML, write

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6)
    | st.sampled_from(["flights", "airlines", "carrier", "string", "keep", "stg_flights"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=3), inner),
    max_leaves=4,
)


def places(node: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a tree but its root."""
    steps = list(node.items() if isinstance(node, dict) else enumerate(node))
    found = [(*where, step) for step, _ in steps]
    for step, value in steps:
        if isinstance(value, dict | list):
            found += places(value, (*where, step))
    return found


TREE = yaml.safe_load(YAML.replace("[on, off, no], default: no", "['a', 'b']"))


@given(st.lists(st.tuples(st.sampled_from(places(TREE)), VALUES), min_size=1, max_size=3))
def test_a_changed_contract_loads_or_ends_in_sentences(changes: list[tuple[Any, Any]]) -> None:
    tree = copy.deepcopy(TREE)
    for where, value in changes:
        node = tree
        for step in where[:-1]:
            node = node[step] if isinstance(node, dict | list) and _has(node, step) else {}
        if isinstance(node, dict) or (isinstance(node, list) and _has(node, where[-1])):
            node[where[-1]] = value
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            rules = contract.load(write(Path(folder), yaml.safe_dump(tree, allow_unicode=True)))
        except contract.ContractError as error:
            assert error.faults
        else:
            assert contract.from_json(contract.to_json(rules)) == rules


def _has(node: Any, step: Any) -> bool:
    return step in node if isinstance(node, dict) else isinstance(step, int) and step < len(node)
