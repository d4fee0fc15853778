"""From nothing to gold: start, build, apply, upload, follow, show."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lakegate import contract
from lakegate.contract.project import Project
from lakegate.packing.build import CONTRACT, build
from lakegate.packing.errors import BuildError
from local import projects
from local.backends import page, ports
from local.backends.choice import Backend
from local.errors import LocalError
from local.places import ROOT, SHARED, Places, short, write_private
from local.tools.terraform import Terraform
from local.up import result
from local.up.lakes import Batch, lake_of
from local.up.steps import Steps

SEED = 42


@dataclass(frozen=True)
class Up:
    """One `make up` of the project in a folder.

    Its sample data is taken, or `rows` per dataset are generated, which only the default project
    has a generator for.
    """

    backend: Backend
    places: Places
    steps: Steps
    rows: int | None = None
    folder: Path = projects.DEFAULT
    engine: str | None = None

    def __call__(self) -> None:
        """Does it all. LocalError or FlowError says what went wrong."""
        if self.rows is not None and self.folder.resolve() != projects.DEFAULT:
            raise LocalError(
                "ROWS= makes data of the repository's own project alone",
                "put files into the project's sample_data, or leave ROWS out",
            )
        outputs = self.deploy()
        environment = self.show_page(self.environment(outputs))
        files = self.data()
        if files:
            self.run_batch(files, outputs)
        self._say_where(outputs, environment, ran=bool(files))

    def deploy(self) -> dict[str, str]:
        """A running emulator with the whole infrastructure; returns Terraform's outputs."""
        with self.steps.step(f"start {self.backend.name} emulator") as step:
            self.backend.start()
            ports.keep(self.places, self.backend.port)
            step.say(self.backend.endpoint["AWS_ENDPOINT_URL"])
        terraform = Terraform(
            self.places.terraform,
            self.places.logs / "terraform.log",
            self.backend.endpoint,
            (*self.backend.variables, f"build_dir={self.places.build}"),
        )
        before = self._deployed()
        with self.steps.step("build, terraform init"), ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(self._build), pool.submit(terraform.init)]:
                future.result()
        with self.steps.step("terraform apply") as step:
            changed = terraform.apply(step.say)
            step.say(f"{changed} resources made" if changed else "nothing to change")
        if before not in {b"", self._deployed()}:
            self.steps.console.print(
                "  the contract has changed: files and runs from now on follow it, published "
                "batches stay as they are until lakegate replay <batch>",
                soft_wrap=True,
            )
        outputs = terraform.outputs()
        self._write_env(self.environment(outputs))
        return outputs

    def show_page(self, values: dict[str, str]) -> dict[str, str]:
        """Starts the live page, and says so if it cannot be; the environment with its address."""
        with self.steps.step("live page") as step:
            try:
                values = {**values, "PAGE_URL": page.start(self.places, values)}
                step.say(values["PAGE_URL"])
            except LocalError as error:
                step.say(str(error))
        self._write_env(values)
        return values

    def data(self) -> list[Path]:
        """What to upload, empty when the project has no sample data."""
        if self.rows is None:
            project = Project.open(self.folder)
            return [project.sample_data] if project.samples() else []
        folder = SHARED / "data" / f"rows-{self.rows}"
        with self.steps.step("generate data") as step:
            if (folder / "expected.json").exists():
                step.say(f"kept from last time: {folder.relative_to(ROOT)}")
            else:
                generate(self.rows, folder)
                step.say(f"{self.rows:,} rows of each in {folder.relative_to(ROOT)}")
        return [path for path in sorted(folder.glob("*.json")) if path.name != "expected.json"]

    def run_batch(self, files: Sequence[Path], outputs: Mapping[str, str]) -> None:
        """Takes files through the pipeline and shows what came out."""
        name = fresh_name("sample" if self.rows is None else f"rows-{self.rows}")
        rules = contract.from_json(self._deployed())
        batch = Batch(name, lake_of(self.backend.endpoint, outputs, rules), self.backend)
        with self.steps.step(f"uploaded to bronze, batch {name}") as step:
            done = batch.send(files, step.say)
        with self.steps.step("validated and promoted to silver") as step:
            batch.wait_judged(done, step.say)
        with self.steps.step("run and published to gold") as step:
            batch.wait_published(step.say)
        result.show(self.steps.console, batch.lake, batch.outcome())

    def environment(self, outputs: Mapping[str, str]) -> dict[str, str]:
        """All that any other client needs."""
        deployed = {"LAKE_CONTRACT": str(self.places.build / CONTRACT)}
        return environment(self.backend.endpoint, outputs) | deployed

    def _build(self) -> None:
        try:
            project = Project.open(self.folder)
            platform = self.backend.platform
            build(project, self.places.build, ROOT / "src", self.engine, platform=platform)
        except BuildError as error:
            raise LocalError("the build failed", str(error)) from error

    def _deployed(self) -> bytes:
        path = self.places.build / CONTRACT
        return path.read_bytes() if path.exists() else b""

    def _write_env(self, values: Mapping[str, str]) -> None:
        write_env(self.places.env_file, values)
        if self.places.newest_env is not None:
            write_env(self.places.newest_env, values)

    def _say_where(
        self, outputs: Mapping[str, str], environment: Mapping[str, str], *, ran: bool
    ) -> None:
        show, option = self.steps.console.print, projects.option(self.folder)
        bronze = f"s3://{outputs['bronze_bucket']}/<batch>/"
        lines = {
            "AWS endpoint": self.backend.endpoint["AWS_ENDPOINT_URL"],
            "environment": f". {short(self.places.newest_env or self.places.env_file)}",
            "live page": environment.get("PAGE_URL") or short(page.log_of(self.places)),
            "drop files into": bronze,
            **self.backend.where,
            "stop, remove": f"make down{option}, make clean{option}",
        }
        show()
        if not ran:
            upload = "lakegate upload <files> --batch <batch> --wait"
            show(f"no sample data: . .local/env, then .venv/bin/{upload}", soft_wrap=True)
        for label, value in lines.items():
            show(f"{label:16} {value}", soft_wrap=True)
        show(f"\nup in {self.steps.seconds:.1f} s")


def fresh_name(stem: str) -> str:
    """A batch of its own for each time, so that one upload is one revision and one run.

    Files put into a batch that is complete already would make a revision each.
    """
    return f"{stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}"


def generate(rows: int, folder: Path) -> None:
    """Writes users, events and orders."""
    script = str(ROOT / "scripts" / "generate_data.py")
    words = ["--rows", str(rows), "--seed", str(SEED), "--out", str(folder)]
    done = subprocess.run(
        [sys.executable, script, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise LocalError("scripts/generate_data.py failed", lines[-1])


def environment(endpoint: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, str]:
    """All that any other client needs."""
    return {
        **endpoint,
        "AWS_ENDPOINT_URL_GLUE": endpoint.get(
            "AWS_ENDPOINT_URL_GLUE", endpoint["AWS_ENDPOINT_URL"]
        ),
        **{name.upper(): value for name, value in outputs.items()},
    }


def write_env(path: Path, values: Mapping[str, str]) -> None:
    """Shell `export` lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"export {name}={shlex.quote(value)}\n" for name, value in values.items())
    write_private(path, "".join(lines))


def forget_env(places: Places) -> None:
    """Removes the `export` lines of a stack, also from `.local/env` if they stand there."""
    newest = places.newest_env
    if newest and _text(newest) == _text(places.env_file):
        newest.unlink(missing_ok=True)
    places.env_file.unlink(missing_ok=True)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""
