"""Where the files of a project may lie, and how it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakegate.contract import ContractError
from lakegate.contract.project import Project
from tests.unit.contract.flights import MART, YAML, faults, write

ROOT = Path(__file__).parents[3]


def test_a_project_is_found_by_its_folder_or_its_contract(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert Project.open(tmp_path) == Project.open(path)
    project = Project.open(tmp_path)
    assert (project.sql, project.sample_data) == (tmp_path / "sql", tmp_path / "sample_data")
    assert project.tests == tmp_path / "tests"
    assert list(project.marts()) == [tmp_path / "sql" / "marts" / "punctuality.sql"]
    assert project.contract.project == "flights"


def test_the_demo_is_a_project_whose_parts_lie_elsewhere() -> None:
    demo = Project.open(ROOT / "config")
    assert demo.sql == ROOT / "src" / "glue_jobs" / "sql"
    assert [path.name for path in demo.samples()] == ["events.json", "orders.json", "users.json"]


def test_samples_are_all_files_that_are_not_hidden(tmp_path: Path) -> None:
    write(tmp_path)
    assert Project.open(tmp_path).samples() == []
    folder = tmp_path / "sample_data"
    (folder / "more").mkdir(parents=True)
    for name in ("flights-0001.csv.gz", "_manifest.json", "airlines.json", ".DS_Store"):
        (folder / name).touch()
    names = [path.name for path in Project.open(tmp_path).samples()]
    assert names == ["_manifest.json", "airlines.json", "flights-0001.csv.gz"]


def test_a_path_may_leave_the_folder_within_one_checkout(tmp_path: Path) -> None:
    write(tmp_path / "project", f"{YAML}sql: ../queries\n")
    queries = tmp_path / "queries" / "marts"
    queries.mkdir(parents=True)
    (queries / "punctuality.sql").write_text(MART)
    with pytest.raises(ContractError, match=r"sql: .*/queries leads to .*, outside of the project"):
        Project.open(tmp_path / "project")
    (tmp_path / ".git").mkdir()
    assert Project.open(tmp_path / "project").sql == tmp_path / "queries"


def test_another_checkout_is_outside(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "queries" / ".git").mkdir(parents=True)
    said = faults(tmp_path / "project", f"{YAML}sql: ../queries\n")
    assert "outside of the project and of its git checkout" in said[0]


@pytest.mark.parametrize("path", ['"a\\0b"', "x" * 5000, "loop/queries"])
def test_a_path_that_leads_nowhere_is_a_sentence(tmp_path: Path, path: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    [said] = faults(tmp_path, f"{YAML}sql: {path}\n")
    assert "sql: " in said
    assert said.endswith("leads nowhere")


@pytest.mark.parametrize("linked", ["sql", "sql/marts", "sql/marts/punctuality.sql"])
def test_a_link_does_not_get_around_that(tmp_path: Path, linked: str) -> None:
    write(tmp_path / "project")
    link = tmp_path / "project" / linked
    elsewhere = tmp_path / "elsewhere"
    link.rename(elsewhere)
    link.symlink_to(elsewhere)
    with pytest.raises(ContractError, match="outside of the project and of its git checkout"):
        Project.open(tmp_path / "project")


def test_a_linked_sample_does_not_get_around_that(tmp_path: Path) -> None:
    write(tmp_path / "project")
    (tmp_path / "secret").touch()
    folder = tmp_path / "project" / "sample_data"
    folder.mkdir()
    (folder / "flights.json").symlink_to(tmp_path / "secret")
    with pytest.raises(ContractError, match=r"pipeline\.yaml: sample_data: .*flights\.json leads"):
        Project.open(tmp_path / "project").samples()
