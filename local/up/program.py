"""From nothing to gold: start, build, apply, upload, follow, show."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lakegate import contract
from local.backends.choice import Backend
from local.errors import LocalError
from local.places import ROOT, SHARED, Places, short, write_private
from local.tools.terraform import Terraform
from local.up import page, result
from local.up.clients import Clients
from local.up.follow import Batch
from local.up.steps import Steps

SAMPLE = ROOT / "data" / "sample_data"
SEED = 42


@dataclass(frozen=True)
class Up:
    """One `make up`: `rows` per dataset are generated, without it the committed sample is taken."""

    backend: Backend
    places: Places
    steps: Steps
    rows: int | None = None

    def __call__(self) -> None:
        """Does it all. LocalError or FlowError says what went wrong."""
        outputs = self.deploy()
        self.show_page(environment(self.backend.endpoint, outputs))
        folder, name = self.data()
        batch = self.run_batch(folder, name, outputs)
        self._say_where(batch)

    def deploy(self) -> dict[str, str]:
        """A running emulator with the whole infrastructure; returns Terraform's outputs."""
        with self.steps.step(f"start {self.backend.name} emulator") as step:
            self.backend.start()
            step.say(self.backend.endpoint["AWS_ENDPOINT_URL"])
        terraform = Terraform(
            self.places.terraform,
            self.places.logs / "terraform.log",
            self.backend.endpoint,
            self.backend.variables,
        )
        with self.steps.step("build, terraform init"), ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(build), pool.submit(terraform.init)]:
                future.result()
        with self.steps.step("terraform apply") as step:
            changed = terraform.apply(step.say)
            step.say(f"{changed} resources made" if changed else "nothing to change")
        outputs = terraform.outputs()
        write_env(self.places.env_file, environment(self.backend.endpoint, outputs))
        return outputs

    def show_page(self, values: Mapping[str, str]) -> None:
        """Starts the live page; that it cannot be started is said and stops nothing."""
        with self.steps.step("live page") as step:
            try:
                step.say(page.start(self.places, values))
            except LocalError as error:
                step.say(str(error))

    def data(self) -> tuple[Path, str]:
        """The folder with the files to upload and the name of their batch."""
        if self.rows is None:
            return SAMPLE, fresh_name("sample")
        folder = SHARED / "data" / f"rows-{self.rows}"
        with self.steps.step("generate data") as step:
            if (folder / "expected.json").exists():
                step.say(f"kept from last time: {folder.relative_to(ROOT)}")
            else:
                generate(self.rows, folder)
                step.say(f"{self.rows:,} rows of each in {folder.relative_to(ROOT)}")
        return folder, fresh_name(f"rows-{self.rows}")

    def run_batch(self, folder: Path, name: str, outputs: dict[str, str]) -> Batch:
        """Takes a folder of files through the pipeline and shows what came out."""
        rules = contract.load(ROOT / "config" / "pipeline.yaml")
        batch = Batch(name, Clients(self.backend.endpoint), outputs, rules, self.backend)
        with self.steps.step(f"uploaded to bronze, batch {name}") as step:
            batch.upload(folder, step.say)
        with self.steps.step("validated and promoted to silver") as step:
            batch.wait_judged(step.say)
        with self.steps.step("job started") as step:
            run_id = batch.wait_started(step.say)
        with self.steps.step("job run") as step:
            batch.wait_run(run_id, step.say)
        with self.steps.step("published to gold"):
            published = batch.wait_published(run_id)
        result.show(self.steps.console, batch, published)
        return batch

    def _say_where(self, batch: Batch) -> None:
        show = self.steps.console.print
        lines = {
            "AWS endpoint": self.backend.endpoint["AWS_ENDPOINT_URL"],
            "environment": f". {short(self.places.env_file)}",
            "live page": page.url(self.places) or short(page.log_of(self.places)),
            "drop files into": f"s3://{batch.outputs['bronze_bucket']}/<batch>/",
            **self.backend.where,
            "stop, remove": "make down, make clean",
        }
        show()
        for label, value in lines.items():
            show(f"{label:16} {value}", soft_wrap=True)
        show(f"\nup in {self.steps.seconds:.1f} s")


def fresh_name(stem: str) -> str:
    """A batch of its own for each time, so that one upload is one revision and one run.

    Files put into a batch that is complete already would make a revision each.
    """
    return f"{stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}"


def build() -> None:
    """Writes the artifacts into build/."""
    _run_script("build", [])


def generate(rows: int, folder: Path) -> None:
    """Writes users, events and orders."""
    arguments = ["--rows", str(rows), "--seed", str(SEED), "--out", str(folder)]
    _run_script("generate_data", arguments)


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


def _run_script(name: str, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{name}.py"), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise LocalError(f"scripts/{name}.py failed", lines[-1])
