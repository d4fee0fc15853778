"""What docker-compose.yml and the Spark image promise, read from the files themselves."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.backends import containers, docker, localstack
from local.places import ROOT, Places
from local.tools import jars

DOCKERFILE = (ROOT / "local" / "spark.Dockerfile").read_text()
FILE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = FILE["services"]

with_compose = pytest.mark.skipif(
    docker.ask("docker", "compose", "version").returncode != 0, reason="no compose"
)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_ports_are_on_loopback_alone(service: str) -> None:
    assert SERVICES[service]["ports"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[service]["ports"])


def test_the_default_image_is_the_one_that_is_looked_for() -> None:
    assert SERVICES["localstack"]["image"] == f"${{LOCALSTACK_IMAGE:-{localstack.IMAGE}}}"


def test_no_token_is_needed_and_one_is_passed_on() -> None:
    environment = SERVICES["localstack"]["environment"]
    assert "LOCALSTACK_AUTH_TOKEN" in environment
    assert environment["LOCALSTACK_AUTH_TOKEN"] is None


def test_functions_run_in_the_network_of_the_spark_service() -> None:
    network = SERVICES["localstack"]["environment"]["LAMBDA_DOCKER_NETWORK"]
    assert FILE["networks"]["default"]["name"] == network
    host, port = re.fullmatch(r"http://(\w+):(\d+)", localstack.NETWORK_ENDPOINT).groups()  # type: ignore[union-attr]
    assert host in SERVICES
    assert SERVICES[host]["ports"][0].endswith(f":{port}")


def test_the_check_waits_for_the_start_hooks() -> None:
    assert "/_localstack/init/ready" in SERVICES["localstack"]["healthcheck"]["test"]
    assert SERVICES["localstack"]["stop_grace_period"] == "30s"


def test_jobs_read_s3_over_tls() -> None:
    options = SERVICES["spark"]["environment"]["SPARK_OPTIONS"].split()
    assert "spark.hadoop.fs.s3a.endpoint=https://localstack:4566" in options
    assert "spark.hadoop.fs.s3a.connection.ssl.enabled=true" in options


@pytest.mark.parametrize("absent", ["# syntax", "<<", "--checksum", "-amd64", "-arm64"])
def test_the_image_builds_on_any_engine_and_architecture(absent: str) -> None:
    assert absent not in DOCKERFILE


def test_the_image_runs_as_nobody_special() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["spark"]


def test_the_image_has_the_known_jars() -> None:
    named = re.search(r"SPARK_JARS=(\S+)", DOCKERFILE)
    assert named
    assert [path.rpartition("/")[2] for path in named[1].split(":")] == list(jars.JARS)


def test_the_image_takes_locked_packages_alone() -> None:
    installs = re.findall(r"pip (?:install|download)(?:[^\\&]|\\\n)*", DOCKERFILE)
    assert len(installs) == 3
    assert all("--require-hashes" in install for install in installs)


def test_spark_is_the_version_that_the_tests_run_on() -> None:
    def pinned(name: str) -> list[str]:
        text = (ROOT / "requirements" / name).read_text()
        return re.findall(r"^(?:pyspark|boto3|py4j)==\S+", text, re.MULTILINE)

    assert pinned("spark.txt") == pinned("dev.txt") != []


@with_compose
def test_compose_reads_the_file_without_a_warning() -> None:
    done = subprocess.run(
        ["docker", "compose", "config", "--quiet"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


@with_compose
def test_two_checkouts_share_neither_containers_nor_network_nor_volume_nor_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    for root in (tmp_path / "a", tmp_path / "b"):
        root.mkdir()
        shutil.copy(ROOT / "docker-compose.yml", root)
        monkeypatch.setattr(containers, "ROOT", root)
        monkeypatch.setattr(containers, "PROJECTS", root / ".local" / "projects")
        project = containers.project_of(Places(root / ".local" / "projects" / "commerce"))
        shown = containers.compose(project, "config", "--format", "json")
        assert shown.returncode == 0, shown.stderr
        made = json.loads(shown.stdout)
        kinds = (made["networks"], made["volumes"])
        named = {item["name"] for kind in kinds for item in kind.values()}
        spark, stack = made["services"]["spark"], made["services"]["localstack"]
        assert stack["environment"]["LAMBDA_DOCKER_NETWORK"] in named
        seen.append({made["name"], spark["image"], *named})
    assert [len(names) for names in seen] == [5, 5]
    assert not seen[0] & seen[1]
