"""What a run reads is what was accepted: looked at before either engine reads a byte."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lakegate.ledger.records import Claim, Input
from lakegate.transform import run
from lakegate.transform.errors import InputError
from tests.fakes.cloud import Cloud

KEY = "users/batch_id=b/users.1.json"
LINE = b'{"user_id": 1}\n'


def accepted(cloud: Cloud) -> Claim:
    """A claim on a file as it stands in silver."""
    cloud.s3.buckets["silver"] = {}
    version = cloud.s3.put("silver", KEY, LINE)
    etag = version.etag.strip('"')
    item = Input("users", "users", KEY, "b/users.json", "v", len(LINE), etag=etag)
    return Claim("b", "r", 1, (item,), 1, 3, "starting", "owner", "2026", "2026")


def test_a_file_as_it_was_accepted_is_read() -> None:
    cloud = Cloud()
    claim = accepted(cloud)
    run.require_accepted(cloud.client("s3"), "silver", claim)
    unknown = replace(claim, inputs=(replace(claim.inputs[0], size=0, etag=""),))
    run.require_accepted(cloud.client("s3"), "silver", unknown)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"user_id": 2}\n', "is not what was accepted"),
        (LINE + LINE, "has 30 bytes, 15 were accepted"),
        (None, "is not there"),
    ],
)
def test_a_file_that_is_another_than_accepted_ends_the_run(
    content: bytes | None, said: str
) -> None:
    cloud = Cloud()
    claim = accepted(cloud)
    if content is None:
        cloud.s3.buckets["silver"] = {}
    else:
        cloud.s3.put("silver", KEY, content)
    with pytest.raises(InputError, match=f"s3://silver/{KEY} {said}"):
        run.require_accepted(cloud.client("s3"), "silver", claim)
