"""`lakegate check`: the verdict before the upload, from files on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from lakegate.cli.errors import LakegateError
from lakegate.cli.main import app
from tests.unit.files.rows_of import line

ROOT = Path(__file__).parents[4]
INVALID, VALID = ROOT / "data" / "invalid", ROOT / "data" / "valid"
REFUSED: dict[str, dict[str, Any]] = yaml.safe_load((INVALID / "expected.yaml").read_text())[
    "files"
]


def check(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and documents; no environment says where a lake is."""
    done = run("--format", "json", *arguments)
    found = json.loads(done.stdout) if done.stdout else []
    assert isinstance(found, list)
    return code_of(done), found


def run(*arguments: object) -> Result:
    return CliRunner(env={}).invoke(app, ["check", *map(str, arguments)])


def code_of(done: Result) -> int:
    """The exit code; the app makes it of the error that the command raised."""
    error = done.exception
    return error.exit_code if isinstance(error, LakegateError) else done.exit_code


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_validator_refuses_is_refused_before(name: str, tmp_path: Path) -> None:
    expected = REFUSED[name]
    path = tmp_path / expected.get("as", "users.json")
    path.write_bytes((INVALID / name).read_bytes())
    code, (found,) = check(path)
    assert code == 5
    told = (found["verdict"], found["code"], found["offset"], found["line"])
    assert told == ("rejected", expected["code"], expected.get("offset"), expected.get("line"))
    assert found["fix"]


def test_what_it_accepts_is_accepted_with_what_was_found() -> None:
    names = [path for path in sorted(VALID.iterdir()) if path.suffix != ".yaml"]
    code, found = check("--dataset", "users", *names)
    assert code == 0
    assert {(item["verdict"], item["lines"]) for item in found} == {("accepted", 3)}
    (csv,) = [item for item in found if item["path"].endswith("csv-semicolon.csv")]
    assert (csv["shape"], csv["casts"], csv["nulled"]) == ("csv", "lenient", {})


def test_columns_that_would_be_null_are_named(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    path.write_bytes(line("users") * 198 + line("users", marketing_opt_in="x") + line("users") * 2)
    code, (found,) = check(path)
    assert (code, found["nulled"], found["lines"]) == (0, {"marketing_opt_in": 1}, 201)


def test_what_only_the_run_would_refuse_counts_as_refused(tmp_path: Path) -> None:
    """Bad lines in the middle of a large file, where the validator does not look."""
    path = tmp_path / "users.json"
    path.write_bytes(
        line("users") * 2000 + line("users", user_id=None) * 100 + line("users") * 2000
    )
    code, (found,) = check(path)
    assert (code, found["verdict"], found["run_refused"]) == (5, "accepted", True)
    assert found["bad"] == {"missing_user_id": 100}


def test_leftovers_are_ignored_and_names_are_judged(tmp_path: Path) -> None:
    for name in ("_SUCCESS", "Users.JSON", "_manifest.json"):
        (tmp_path / name).write_bytes(b"{}")
    code, found = check(*(tmp_path / name for name in ("_SUCCESS", "Users.JSON", "_manifest.json")))
    assert code == 5
    told = [(item["verdict"], item.get("code")) for item in found]
    assert told == [("ignored", None), ("rejected", "bad_name"), ("rejected", "bad_manifest")]


def test_a_folder_stands_for_its_files_as_it_does_for_upload(tmp_path: Path) -> None:
    assert check(tmp_path)[0] == 2
    for name in ("users.json", "README.md", ".DS_Store"):
        (tmp_path / name).write_bytes(line("users"))
    code, found = check(tmp_path)
    assert code == 0
    assert [item["path"] for item in found] == [str(tmp_path / "users.json")]


def test_text_says_what_to_do() -> None:
    path = INVALID / "missing_field-other_spelling.json"
    done = run("--dataset", "users", path)
    assert code_of(done) == 5
    assert (
        'found: 3 of 3 lines: 3 missing_user_id; such a line has the keys "userId"' in done.stdout
    )
    assert "- {name: user_id, type: bigint, required: true, source: userId" in done.stdout


def test_a_name_cannot_look_like_a_line_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.json: accepted\nb.json"
    path.write_bytes(b"{}\n")
    assert "a.json: accepted\\nb.json: rejected" in run(path).stdout


def test_wrong_use_is_said() -> None:
    assert check("--dataset", "nothing", VALID / "csv.csv")[0] == 2
    assert check("no such file.json")[0] == 2
