"""The little of AWS that a run needs: its role's credentials, its files, its events."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.glue.runs.spark import Endpoint
from local.glue.state import Doc

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_logs import CloudWatchLogsClient

logger = logging.getLogger(__name__)

S3_URI = re.compile(r"s3a?://(?P<bucket>[^/]+)/(?P<key>.+)")
CONFIG = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 3, "mode": "standard"})


@dataclass(frozen=True)
class Aws:
    """Clients for the endpoint that stands for AWS."""

    url: str
    region: str
    credentials: Mapping[str, str]
    account: str = "000000000000"

    def _session(self, credentials: Mapping[str, str]) -> boto3.Session:
        return boto3.Session(
            aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
            region_name=self.region,
        )

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs, as the endpoint's own account."""
        return self._session(self.credentials).client("logs", endpoint_url=self.url, config=CONFIG)

    @cached_property
    def events(self) -> EventBridgeClient:
        """EventBridge, as the endpoint's own account."""
        return self._session(self.credentials).client(
            "events", endpoint_url=self.url, config=CONFIG
        )

    def as_role(self, role: str, run_id: str) -> Endpoint:
        """The endpoint with short-lived credentials of the job's role, name or ARN."""
        arn = role if role.startswith("arn:") else f"arn:aws:iam::{self.account}:role/{role}"
        sts = self._session(self.credentials).client("sts", endpoint_url=self.url, config=CONFIG)
        answer = sts.assume_role(RoleArn=arn, RoleSessionName=f"GlueJobRunnerSession-{run_id[:16]}")
        given = answer["Credentials"]
        return Endpoint(
            self.url,
            self.region,
            {
                "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
                "AWS_SESSION_TOKEN": given["SessionToken"],
            },
        )

    def fetch(self, uri: str, folder: Path, endpoint: Endpoint) -> Path:
        """Downloads `s3://bucket/key` into the folder, under its own name and as the role."""
        match = S3_URI.fullmatch(uri)
        if match is None:
            raise ValueError(f"not an s3:// location: {uri!r}")
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / Path(match["key"]).name
        s3 = self._session(endpoint.credentials).client("s3", endpoint_url=self.url, config=CONFIG)
        s3.download_file(match["bucket"], match["key"], str(target))
        return target

    def announce(self, run: Doc) -> None:
        """Puts Glue's own event for a run that has ended on the default bus."""
        try:
            self.events.put_events(Entries=[state_change(run)])  # type: ignore[list-item]
        except (BotoCoreError, ClientError):
            logger.exception("no event for run %s", run["Id"])


def state_change(run: Doc) -> Doc:
    """The 'Glue Job State Change' event of a run, as PutEvents takes it."""
    state = run["JobRunState"]
    detail = {
        "jobName": run["JobName"],
        "severity": "INFO" if state in {"SUCCEEDED", "STOPPED"} else "ERROR",
        "state": state,
        "jobRunId": run["Id"],
        "message": run.get("ErrorMessage") or f"Job run {state.lower()}",
    }
    return {
        "Source": "aws.glue",
        "DetailType": "Glue Job State Change",
        "Resources": [],
        "Detail": json.dumps(detail),
    }
