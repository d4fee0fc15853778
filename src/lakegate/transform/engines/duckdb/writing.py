"""Parquet as Spark would have it: written to the local disk first, and then to its place."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from duckdb import DuckDBPyConnection

from lakegate.transform.engines.duckdb.tables import text, texts

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FILE_SIZE = "128MB"


def copied(connection: DuckDBPyConnection, query: str, folder: Path) -> list[Path]:
    """Writes the rows of a query into a new folder; one file at least, also without rows."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    connection.execute(
        f"copy ({query}) to {text(str(folder))} "
        f"(format parquet, compression zstd, file_size_bytes {text(FILE_SIZE)}, "
        "overwrite_or_ignore, filename_pattern 'part-{i}')"
    )
    return sorted(folder.glob("*.parquet"))


def relation(paths: list[Path]) -> str:
    """What was written, as rows."""
    return f"read_parquet({texts(map(str, paths))})"


def put(paths: list[Path], uri: str, s3: S3Client | None, pool: ThreadPoolExecutor) -> None:
    """Puts the files below the URI, under names of their own; `s3` is for `s3://` URIs.

    Each is one request, which S3 refuses unless the checksum that is sent along fits.
    """
    place = urlsplit(uri)
    if place.scheme != "s3":
        shutil.copytree(paths[0].parent, place.path, dirs_exist_ok=True)
        return
    client = s3

    def upload(path: Path) -> None:
        assert client is not None
        with path.open("rb") as body:
            client.put_object(
                Bucket=place.netloc,
                Key=f"{place.path.strip('/')}/{path.name}",
                Body=body,
                ContentType="application/vnd.apache.parquet",
            )

    for _ in pool.map(upload, paths):
        pass
