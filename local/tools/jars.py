"""The two jars that let Spark read and write s3://, out of an Amazon source package on PyPI."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from pathlib import Path

from local.errors import LocalError
from local.tools import installer

CARRIER = (
    "sagemaker-pyspark==1.4.5 "
    "--hash=sha256:05ca2d5081d7138ce29a8fb0a9cba077f28c825288ed07aed46a82e63c0bf1fb"
)
JARS = {
    "hadoop-aws-3.3.1.jar": "6be50ad8a8b445d2802381b085b2a3ede5c29d353450a6a21f16b2fefa962b6e",
    "aws-java-sdk-bundle-1.11.901.jar": (
        "b87175b32a16544cc1b37cf40390eb375833e62bed67f8ce6cde4b7ad6429ead"
    ),
}
OTHERWISE = "or let Spark fetch them: S3A_PACKAGES=org.apache.hadoop:hadoop-aws:3.3.4 make up"


def fetch(folder: Path) -> tuple[Path, ...]:
    """The jars, downloaded and checked unless they are there already."""
    paths = tuple(folder / name for name in JARS)
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            unpack(_download(Path(temporary)), folder)
    return paths


def unpack(package: Path, folder: Path) -> None:
    """Takes the jars out of the package. LocalError when one is not the known file."""
    with tarfile.open(package) as archive:
        for member in archive:
            name = Path(member.name).name
            source = archive.extractfile(member) if name in JARS else None
            if source is None:
                continue
            content = source.read()
            if hashlib.sha256(content).hexdigest() != JARS[name]:
                raise LocalError(f"{name} is not the file that was expected", OTHERWISE)
            partial = folder / f".{name}.partial"
            partial.write_bytes(content)
            partial.replace(folder / name)


def _download(folder: Path) -> Path:
    """The source package, fetched by a pip that builds nothing against unpinned tools."""
    wanted = folder / "carrier.txt"
    wanted.write_text(CARRIER + "\n")
    try:
        installer.install("jars", folder / "tools")
        python = folder / "tools" / "bin" / "python"
        pinned = ("--no-deps", "--no-build-isolation", "--require-hashes", "-r", wanted)
        installer.run(python, "-m", "pip", "download", "--quiet", *pinned, "--dest", folder)
    except LocalError as error:
        raise LocalError(f"the S3A jars could not be fetched ({error})", OTHERWISE) from error
    return next(folder.glob("sagemaker*.tar.gz"))
