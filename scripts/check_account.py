"""Looks at an account before the first apply: what would stop it there, and what to set.

Reads only. `python scripts/check_account.py --environment dev`, with credentials and a region.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("bronze", "silver", "gold", "quarantine", "control", "logs")
USABLE = 10  # what Lambda leaves unreserved
Mark = Literal["ok", "note", "stop", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `stop` would end an apply or a run."""

    mark: Mark
    what: str
    says: str


@dataclass(frozen=True)
class Place:
    """Where it would be deployed, and the clients of that account, by service."""

    name: str
    account: str
    region: str
    client: Callable[[str], Any]
    key: str | None = None


def buckets(place: Place) -> Iterator[Finding]:
    """Names of buckets are those of the whole world."""
    for layer in LAYERS:
        name = f"{place.name}-{layer}-{place.account}"
        try:
            place.client("s3").head_bucket(Bucket=name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                continue
            yield Finding("stop", name, "belongs to somebody else: choose another project name")
            continue
        says = "is there: import it, name it in buckets.existing, or set region_in_names"
        yield Finding("note", name, says)


def concurrency(place: Place) -> Iterator[Finding]:
    """New accounts have ten concurrent calls, none of which can be set aside."""
    limits = place.client("lambda").get_account_settings()["AccountLimit"]
    free = limits["UnreservedConcurrentExecutions"]
    says = f"{free} concurrent calls: leave *_reserved_concurrency null, and ask for more"
    few = free <= USABLE
    yield Finding("note" if few else "ok", "Lambda", says if few else f"{free} concurrent calls")


def catalog(place: Place) -> Iterator[Finding]:
    """A catalog with a key of its own, and one that Lake Formation guards, want settings."""
    settings = place.client("glue").get_data_catalog_encryption_settings()
    at_rest = settings["DataCatalogEncryptionSettings"].get("EncryptionAtRest", {})
    if at_rest.get("CatalogEncryptionMode", "DISABLED") != "DISABLED":
        key = at_rest.get("SseAwsKmsKeyId", "?")
        yield Finding("note", "Glue catalog", f"encrypted: set catalog.kms_key_arn to {key}")
    lake = place.client("lakeformation").get_data_lake_settings()["DataLakeSettings"]
    for kind in ("Database", "Table"):
        if not lake.get(f"Create{kind}DefaultPermissions"):
            says = f"guards new {kind.lower()}s: set catalog.lake_formation = true"
            yield Finding("note", "Lake Formation", says)


def key_policy(place: Place) -> Iterator[Finding]:
    """An existing key has to admit what modules/kms_key says."""
    if place.key is None:
        return
    if place.key.split(":")[3] != place.region:
        yield Finding("stop", "key", f"lies in another region than {place.region}")
    text = place.client("kms").get_key_policy(KeyId=place.key, PolicyName="default")["Policy"]
    admitted = {
        service
        for statement in json.loads(text)["Statement"]
        if isinstance(statement.get("Principal"), dict)
        for service in _list(statement["Principal"].get("Service", []))
    }
    wanted = {
        f"logs.{place.region}.amazonaws.com",
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
    }
    for service in sorted(wanted - admitted):
        yield Finding("stop", "key", f"its policy admits no {service}: see modules/kms_key")


CHECKS = (buckets, concurrency, catalog, key_policy)


def look(place: Place) -> Iterator[Finding]:
    """Every finding; a check that is not allowed says so and does not end the others."""
    for check in CHECKS:
        try:
            yield from check(place)
        except (BotoCoreError, ClientError) as error:
            yield Finding("unknown", check.__name__.replace("_", " "), str(error))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def main(
    environment: Annotated[str, typer.Option(help="Stage, as Terraform will get it.")] = "dev",
    key: Annotated[str | None, typer.Option(help="ARN of an existing key.")] = None,
    build: Annotated[Path, typer.Option(help="Folder of the build.")] = ROOT / "build",
) -> None:
    """Say what the account of these credentials has, and what to set for it."""
    project = json.loads((build / "pipeline.json").read_bytes())["project"]
    session = boto3.Session()
    account = session.client("sts").get_caller_identity()["Account"]
    region = session.region_name
    clients = {
        name: session.client(name) for name in ("s3", "lambda", "glue", "lakeformation", "kms")
    }
    place = Place(f"{project}-{environment}", account, region, clients.__getitem__, key)
    typer.echo(f"account {account}, region {region}, names {place.name}-…")
    found = list(look(place))
    for item in found:
        typer.echo(f"  {item.mark:<8} {item.what}: {item.says}")
    sys.exit(1 if any(item.mark == "stop" for item in found) else 0)


if __name__ == "__main__":
    typer.run(main)
