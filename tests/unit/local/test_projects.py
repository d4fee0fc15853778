"""Two projects on one machine: own state and port each, and `.local/env` of the newest."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakegate.contract.project import Project
from local import places as paths
from local import projects
from local.backends import ports
from local.backends.stack import HOST
from local.errors import LocalError
from local.places import Places
from local.up import program
from tests.unit.contract.flights import YAML, write


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `.local` of the test's own."""
    folder = tmp_path / "shared"
    for module in (paths, projects):
        monkeypatch.setattr(module, "PROJECTS", folder / "projects")
    monkeypatch.setattr(paths, "SHARED", folder)
    return folder


def made(folder: Path, name: str = "flights") -> Project:
    return Project.open(write(folder, YAML.replace("project: flights", f"project: {name}")))


def up(project: Project) -> Places:
    return projects.claimed(project, projects.places_for(project))


def test_each_project_has_a_folder_of_its_own(tmp_path: Path, shared: Path) -> None:
    one, two = up(made(tmp_path / "a", "one")), up(made(tmp_path / "b", "two"))
    assert (one.folder, two.folder) == (shared / "projects/one", shared / "projects/two")
    assert projects.places_of(tmp_path / "a") == one
    assert list(projects.known()) == [one, two]


def test_state_is_found_when_the_contract_is_broken_or_gone(tmp_path: Path) -> None:
    places = up(made(tmp_path / "a"))
    (tmp_path / "a/pipeline.yaml").write_text("[")
    assert projects.places_of(tmp_path / "a") == places
    (tmp_path / "a/pipeline.yaml").unlink()
    assert projects.places_of(tmp_path / "a") == places
    with pytest.raises(LocalError, match="b was never brought up"):
        projects.places_of(tmp_path / "b")


def test_two_folders_with_projects_of_one_name_do_not_share_state(tmp_path: Path) -> None:
    up(made(tmp_path / "a"))
    up(made(tmp_path / "a"))
    with pytest.raises(LocalError, match=f"flights belongs to {tmp_path}/a: give this one another"):
        up(made(tmp_path / "b"))


def test_a_folder_does_not_stop_or_remove_what_another_of_its_name_brought_up(
    tmp_path: Path,
) -> None:
    up(made(tmp_path / "a"))
    made(tmp_path / "b")
    with pytest.raises(LocalError, match=f"flights belongs to {tmp_path}/a"):
        projects.places_of(tmp_path / "b")


def test_the_newest_env_is_shared_and_forgotten_by_its_own_project_alone(
    tmp_path: Path, shared: Path
) -> None:
    one, two = up(made(tmp_path / "a", "one")), up(made(tmp_path / "b", "two"))
    for places in (one, two):
        for path in (places.env_file, places.newest_env):
            assert path is not None
            program.write_env(path, {"WHOSE": places.folder.name})
    assert (shared / "env").read_text() == "export WHOSE=two\n"
    program.forget_env(one)
    assert (shared / "env").exists()
    assert not one.env_file.exists()
    program.forget_env(two)
    assert not (shared / "env").exists()


def test_a_stack_elsewhere_has_its_env_alone(tmp_path: Path) -> None:
    places = Places(tmp_path / "elsewhere")
    assert (places.env_file, places.newest_env) == (tmp_path / "elsewhere/env", None)


@pytest.fixture
def first(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The first port, which another program has."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port: int = other.getsockname()[1]
        monkeypatch.setattr(ports, "FIRST", port)
        monkeypatch.setattr(ports, "port_is_free", lambda found: found != port)
        yield port


def test_a_free_port_is_chosen_and_kept(tmp_path: Path, first: int) -> None:
    places = Places(tmp_path)
    assert ports.choose(places, None, is_up=False) == first + 10
    ports.keep(places, first + 40)
    assert ports.choose(places, None, is_up=False) == first + 40
    assert ports.choose(places, None, is_up=True) == first + 40


def test_a_port_that_is_asked_for_wins(tmp_path: Path, first: int) -> None:
    assert ports.choose(Places(tmp_path), first, is_up=False) == first


def test_a_stack_that_is_up_does_not_move(tmp_path: Path) -> None:
    ports.keep(Places(tmp_path), 4600)
    with pytest.raises(LocalError, match="up on port 4600: run make down first"):
        ports.choose(Places(tmp_path), 4700, is_up=True)


def test_a_stack_of_a_moment_gets_a_port_whose_neighbour_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ports, "PASSING", range(100, 103))
    monkeypatch.setattr(ports, "port_is_free", lambda port: port != 101)
    assert {ports.free_port() for _ in range(20)} == {102}


def test_a_folder_with_blanks_is_told_as_a_shell_takes_it(tmp_path: Path) -> None:
    assert projects.option(tmp_path / "my lake") == f" PROJECT='{tmp_path}/my lake'"
    up(made(tmp_path / "my lake"))
    with pytest.raises(LocalError, match=f"make clean PROJECT='{tmp_path}/my lake'"):
        up(made(tmp_path / "b"))
