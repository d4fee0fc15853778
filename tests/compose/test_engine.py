"""Each way in which Docker cannot be used is one sentence, and the embedded emulator takes over."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.backends import choice as backend
from local.backends import containers, docker, localstack, stack
from local.errors import LocalError
from local.places import Places

Commands = Callable[..., None]
GOOD = {
    "docker info": 'echo \'{"ServerVersion": "28.0.0", "MemTotal": 8589934592}\'',
    "docker compose version": "echo v2.26.1",
    "docker context inspect": "echo unix:///run/user/1000/docker.sock",
}


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Puts programs on the path that answer as told, by their first words; alone there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("DOCKER_HOST", raising=False)

    def put(answers: dict[str, str]) -> None:
        for program in {words.split()[0] for words in answers}:
            cases = "".join(
                f'"{words.partition(" ")[2]}"*) {answer};;\n'
                for words, answer in answers.items()
                if words.split()[0] == program
            )
            path = folder / program
            path.write_text(f'#!/bin/sh\ncase "$*" in\n{cases}*) exit 1;;\nesac\n')
            path.chmod(0o755)

    return put


def test_an_engine_with_compose_2_is_found(commands: Commands) -> None:
    commands(GOOD)
    found = docker.find()
    assert (found.version, found.memory) == ("28.0.0", 8 * 2**30)


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="elsewhere the engine is in a machine")
def test_the_clients_own_socket_is_mounted(commands: Commands) -> None:
    commands(GOOD)
    assert docker.find().socket == "/run/user/1000/docker.sock"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "there is no docker command"),
        (
            {"docker info": "echo 'Cannot connect to the Docker daemon' >&2; exit 1"},
            "no Docker engine answers",
        ),
        (
            {"docker info": 'echo \'{"ServerErrors": ["connection refused"]}\'; exit 1'},
            "no Docker engine answers",
        ),
        (
            {"docker info": "echo 'permission denied while trying to connect' >&2; exit 1"},
            "the Docker engine does not let this user in",
        ),
        (
            {"docker info": GOOD["docker info"]},
            "docker has no compose command",
        ),
        (
            {"docker info": GOOD["docker info"], "docker-compose version": "echo 1.29.2"},
            "docker-compose 1.29.2 is not enough: compose v2 is needed",
        ),
    ],
)
def test_what_is_missing_is_said(
    commands: Commands, answers: dict[str, str], sentence: str
) -> None:
    commands(answers)
    with pytest.raises(docker.Unusable) as caught:
        docker.find()
    assert caught.value.what == sentence
    assert "BACKEND=embedded" in caught.value.remedy


def test_an_engine_that_does_not_answer_in_time_is_none(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands({"docker info": "exec /bin/sleep 30"})
    assert docker.ask("docker", "info", seconds=0.2).returncode == 124


def test_an_image_that_cannot_be_pulled_is_named(commands: Commands) -> None:
    commands({"docker pull": "echo 'no such host' >&2; exit 1"})
    with pytest.raises(
        docker.Unusable, match=r"image some:tag .* cannot be pulled \(no such host\)"
    ):
        docker.obtain("some:tag")


def test_an_image_at_hand_is_not_pulled(commands: Commands) -> None:
    commands({"docker image inspect": "exit 0", "docker pull": "exit 1"})
    docker.obtain("some:tag")


def test_too_little_memory_is_said_before_anything_is_pulled(
    commands: Commands, tmp_path: Path
) -> None:
    commands({"docker pull": "exit 1"})
    small = docker.Engine("28.0.0", 2 * 2**30, docker.SOCKET)
    with pytest.raises(docker.Unusable, match=r"2\.0 GiB of memory for Docker are too little"):
        localstack.LocalStack(Places(tmp_path), 4566, small).prepare()


@dataclass
class Taken:
    """Stands for the embedded backend."""

    port: int


@pytest.fixture
def no_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded backend without its Java and jars."""
    monkeypatch.setattr(backend, "embedded", lambda places, port, rows, **_: Taken(port))


@pytest.mark.usefixtures("no_tools")
def test_without_an_engine_the_embedded_emulator_is_taken_and_a_line_says_why(
    commands: Commands, tmp_path: Path
) -> None:
    commands({})
    chosen, reason = backend.choose(None, Places(tmp_path), 4566)
    assert isinstance(chosen, Taken)
    assert reason == "There is no docker command: using the embedded emulator."


@pytest.mark.usefixtures("no_tools")
def test_without_the_images_the_embedded_emulator_is_taken(
    commands: Commands, tmp_path: Path
) -> None:
    commands({**GOOD, "docker pull": "echo offline >&2; exit 1"})
    chosen, reason = backend.choose(None, Places(tmp_path), 4566)
    assert isinstance(chosen, Taken)
    assert "cannot be pulled (offline): using the embedded emulator." in reason


def test_a_wish_for_localstack_is_not_overruled(commands: Commands, tmp_path: Path) -> None:
    commands({})
    with pytest.raises(docker.Unusable):
        backend.choose("localstack", Places(tmp_path), 4566)


def test_one_backend_is_up_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "pid_of", lambda places: 1234)
    with pytest.raises(LocalError, match="the embedded backend is up: run: make down"):
        backend.choose("localstack", Places(tmp_path), 4566)


def test_a_new_container_voids_terraforms_state_and_the_same_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Places(tmp_path)
    places.create()
    state = places.terraform / "terraform.tfstate"
    start = localstack.LocalStack(places, 4566, docker.Engine("28.0.0", 2**33, docker.SOCKET))
    births = iter(["first", "first", "second"])
    monkeypatch.setattr(containers, "born", lambda project: next(births))
    kept = []
    for _ in range(3):
        state.write_text("{}")
        start._forget_what_is_gone()
        kept.append(state.exists())
    assert kept == [False, True, False]


@pytest.mark.parametrize(
    ("processor", "platform"), [("x86_64", "lambda"), ("aarch64", "lambda_arm")]
)
def test_functions_are_built_for_the_containers_that_run_them(
    commands: Commands, tmp_path: Path, processor: str, platform: str
) -> None:
    told = f'echo \'{{"ServerVersion": "28.0.0", "Architecture": "{processor}"}}\''
    commands({**GOOD, "docker info": told})
    chosen = localstack.LocalStack(Places(tmp_path), 4566, docker.find())
    assert chosen.platform == platform
