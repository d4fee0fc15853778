from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lakegate import contract
from lakegate.contract.model import TIMESTAMP_PATTERN, Contract

ROOT = Path(__file__).parents[3]
PIPELINE = ROOT / "config" / "pipeline.yaml"


@pytest.fixture(scope="module")
def pipeline() -> Contract:
    return contract.load(PIPELINE)


def edited(tmp_path: Path, *path: str | int, value: object) -> Path:
    """A copy of the contract in which one key is set."""
    data = yaml.safe_load(PIPELINE.read_text())
    node = data
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    copy = tmp_path / "pipeline.yaml"
    copy.write_text(yaml.safe_dump(data))
    return copy


def test_json_round_trip(pipeline: Contract) -> None:
    assert contract.from_json(contract.to_json(pipeline)) == pipeline


def test_json_is_read_with_the_standard_library_alone(pipeline: Contract, tmp_path: Path) -> None:
    (tmp_path / "pipeline.json").write_bytes(contract.to_json(pipeline))
    program = (
        "import sys; sys.modules['yaml'] = sys.modules['pydantic'] = None\n"
        "from lakegate import contract; from pathlib import Path\n"
        "print(len(contract.from_json(Path('pipeline.json').read_bytes()).datasets))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "3"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("limitz",), 1, "limitz: unknown key; allowed here: version, project"),
        (("limits", "max_size"), 1, "limits.max_size: unknown key; allowed here: min_bytes"),
        (("limits", "max_depth"), "deep", "limits.max_depth: Input should be a valid integer"),
        (("validation",), "fast", "validation: Input should be 'sampled' or 'full'"),
    ],
)
def test_a_fault_is_named_with_file_and_key(
    tmp_path: Path, path: tuple[str | int, ...], value: object, said: str
) -> None:
    copy = edited(tmp_path, *path, value=value)
    with pytest.raises(contract.ContractError) as error:
        contract.load(copy)
    assert said in str(error.value)
    assert str(copy) in str(error.value)


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(contract.ContractError, match=r"missing\.yaml: cannot be read"):
        contract.load(tmp_path / "missing.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [")
    with pytest.raises(contract.ContractError, match=r"broken\.yaml: cannot be read"):
        contract.load(broken)


@pytest.mark.parametrize(
    ("key", "groups"),
    [
        ("users.json", (None, "users", None)),
        ("2026-11-22/orders.json", ("2026-11-22", "orders", None)),
        ("b/events-0007.json", ("b", "events", "0007")),
        ("Users.json", None),
        ("users.JSON", None),
        ("users-7.json", None),
        ("-b/users.json", None),
        ("a/b/users.json", None),
        ("users.json\n", None),
        ("b" * 65 + "/users.json", None),
    ],
)
def test_key_grammar(pipeline: Contract, key: str, groups: tuple[str | None, ...] | None) -> None:
    match = pipeline.key_pattern.fullmatch(key)
    assert (match.groups()[:3] if match else None) == groups


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2026-11-22T10:00:00Z", True),
        ("2026-11-22T10:00:00", True),
        ("2026-11-22T10:00", True),
        ("2026-11-22T10:00:00.123456+05:30", True),
        ("2026-11-22T10:00:00-0800", True),
        ("2026-11-22", False),
        ("2026-11-22 10:00:00", False),
        ("2026-13-22T10:00:00Z", False),
        ("2026-11-22T24:00:00Z", False),
        ("2026-11-22T10:00:00 Z", False),
        ("1763805600", False),
    ],
)
def test_timestamp_pattern(text: str, valid: bool) -> None:
    assert bool(re.fullmatch(TIMESTAMP_PATTERN, text)) is valid
