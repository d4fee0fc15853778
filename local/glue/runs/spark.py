"""How a job script becomes a Spark process: the environment that Glue would have given it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.glue.state import Doc

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
FOR_GLUE_ALONE = ("--extra-py-files", "--conf", "--extra-jars", "--extra-files")
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME", "USER")


@dataclass(frozen=True)
class SparkSettings:
    """What the machine offers to a run.

    `python` is an interpreter with pyspark; `jars` lie on the driver's class path;
    `packages` are Maven coordinates for Spark to resolve instead; `hide` are
    import paths of that interpreter that a job must not see; `options` are Spark's
    own and win over what is set here; `variables` are more environment for the script.
    """

    python: str
    jars: tuple[Path, ...] = ()
    packages: str = ""
    master: str = "local[*]"
    driver_memory: str = "2g"
    java_options: str = ""
    java_home: str = ""
    hide: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """Where a run finds AWS, and as whom: credentials as environment variables."""

    url: str
    region: str
    credentials: Mapping[str, str]


def arguments(job: Doc, run: Doc) -> list[str]:
    """The script's argv as Glue builds it: defaults, the run's own, then the run's names."""
    merged = {**job.get("DefaultArguments", {}), **run["Arguments"]}
    merged = {**merged, **job.get("NonOverridableArguments", {})}
    own = {"--JOB_NAME": job["Name"], "--JOB_ID": f"j_{job['Name']}", "--JOB_RUN_ID": run["Id"]}
    kept = {name: value for name, value in merged.items() if name not in FOR_GLUE_ALONE}
    return [word for name, value in {**kept, **own}.items() for word in (name, value) if word]


def special(job: Doc, run: Doc, name: str) -> str:
    """The value of an argument that Glue itself reads, such as `--extra-py-files`."""
    value = run["Arguments"].get(name) or job.get("DefaultArguments", {}).get(name) or ""
    return str(value)


def environment(
    settings: SparkSettings, endpoint: Endpoint, folder: Path, modules: list[Path], extra: str
) -> dict[str, str]:
    """The environment of the script's process; nothing else of this one's is passed on.

    `extra` is Glue's `--conf` argument: `a=b --conf c=d`.
    """
    chosen = {**_s3a(endpoint, folder), **_engine(settings, folder), **settings.options}
    for pair in shlex.split(extra):
        name, separator, value = pair.partition("=")
        chosen.update({name: value} if separator else {})
    words = ["--master", settings.master, "--driver-memory", settings.driver_memory]
    if settings.packages:
        words += ["--packages", settings.packages]
    for name, value in chosen.items():
        words += ["--conf", f"{name}={value}"]
    passed = {name: os.environ[name] for name in INHERITED if name in os.environ}
    if settings.java_home:
        passed["JAVA_HOME"] = settings.java_home
    return {
        **passed,
        **settings.variables,
        **endpoint.credentials,
        "AWS_ENDPOINT_URL": endpoint.url,
        "AWS_REGION": endpoint.region,
        "AWS_DEFAULT_REGION": endpoint.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYSPARK_SUBMIT_ARGS": shlex.join([*words, "pyspark-shell"]),
        "PYSPARK_PYTHON": settings.python,
        "PYTHONPATH": os.pathsep.join(map(str, modules)),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SPARK_LOCAL_DIRS": str(folder / "spark"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "JOB_HIDDEN_PATHS": os.pathsep.join(settings.hide),
    }


def _s3a(endpoint: Endpoint, folder: Path) -> dict[str, str]:
    s3a = "spark.hadoop.fs.s3a"
    return {
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        f"{s3a}.endpoint": endpoint.url,
        f"{s3a}.endpoint.region": endpoint.region,
        f"{s3a}.path.style.access": "true",
        f"{s3a}.connection.ssl.enabled": str(endpoint.url.startswith("https")).lower(),
        f"{s3a}.aws.credentials.provider": (
            "com.amazonaws.auth.EnvironmentVariableCredentialsProvider"
        ),
        f"{s3a}.buffer.dir": str(folder / "s3a"),
        f"{s3a}.attempts.maximum": "3",
        # As on Glue 5.1: folders' markers stay, instead of being deleted up to the bucket's root.
        f"{s3a}.directory.marker.retention": "keep",
        # A run writes to a prefix of its own and publishes by pointer: one rename is enough.
        "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
    }


def _engine(settings: SparkSettings, folder: Path) -> dict[str, str]:
    chosen = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "8",
    }
    if settings.java_options:
        chosen["spark.driver.extraJavaOptions"] = settings.java_options
    if settings.jars and not settings.packages:
        chosen["spark.driver.extraClassPath"] = os.pathsep.join(map(str, settings.jars))
    return chosen
