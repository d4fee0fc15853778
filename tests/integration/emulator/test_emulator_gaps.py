"""Each gap of the emulator that we close: still there without us, gone with us.

When a pin is moved and a first half fails, the gap has closed: remove our part of it.
docs/emulators.md lists them.
"""

from __future__ import annotations

import io
import json
import os
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from lakegate.cli.lake import Clients
from local.backends.stack import LAMBDA_PROCESSES
from local.places import Places
from local.up.lakes import client_of
from tests.integration.emulator.bare import ALL, POLICY, ours, plain

pytestmark = pytest.mark.stack
Endpoint = dict[str, str]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders `ours` and `plain` are those of the two emulators."""
    return tmp_path_factory.mktemp("emulators")


@pytest.fixture(scope="module")
def wrapped(root: Path) -> Iterator[Endpoint]:
    with ours(root / "ours") as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def bare(root: Path) -> Iterator[Endpoint]:
    (root / "plain").mkdir()
    with plain(root / "plain") as endpoint:
        yield endpoint


def as_root(endpoint: Endpoint) -> Any:
    """Arguments of a client that is the account itself."""
    return {
        "endpoint_url": endpoint["AWS_ENDPOINT_URL"],
        "region_name": endpoint["AWS_REGION"],
        "aws_access_key_id": endpoint["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": endpoint["AWS_SECRET_ACCESS_KEY"],
    }


def client(endpoint: Endpoint, service: str) -> Any:
    """A client as the account itself."""
    return boto3.client(service, **as_root(endpoint))  # type: ignore[call-overload]


def role(endpoint: Endpoint, name: str, trust: str = "", policy: str = ALL) -> str:
    """ARN of a role that Glue may take and that may do what the statement says."""
    iam = client(endpoint, "iam")
    statement = trust or (
        '{"Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"},"Action":"sts:AssumeRole"}'
    )
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=POLICY % statement)["Role"][
        "Arn"
    ]
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=POLICY % policy)
    return arn


def job(endpoint: Endpoint, name: str, script: str, **fields: Any) -> None:
    """A Glue job with a script in S3."""
    s3 = client(endpoint, "s3")
    s3.create_bucket(Bucket=f"{name}-scripts")
    s3.put_object(Bucket=f"{name}-scripts", Key="script.py", Body=script.encode())
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{name}-scripts/script.py"}
    arn = role(endpoint, f"{name}-role")
    client(endpoint, "glue").create_job(Name=name, Role=arn, Command=command, **fields)


def end_of(endpoint: Endpoint, name: str, run_id: str) -> dict[str, Any]:
    """A run once it has ended."""
    glue = client(endpoint, "glue")
    for _ in range(1200):
        run: dict[str, Any] = glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
        if run["JobRunState"] not in {"STARTING", "RUNNING", "STOPPING"}:
            return run
        time.sleep(0.1)
    raise TimeoutError(run_id)


def test_a_key_with_control_characters_is_listed(bare: Endpoint, wrapped: Endpoint) -> None:
    key = "a\x1b]0;title\x07 & b/users.json"
    for endpoint in (bare, wrapped):
        s3 = client(endpoint, "s3")
        s3.create_bucket(Bucket="odd-keys")
        s3.put_object(Bucket="odd-keys", Key=key, Body=b"x")
    with pytest.raises(ClientError):
        client(bare, "s3").list_object_versions(Bucket="odd-keys")
    listed = client(wrapped, "s3").list_object_versions(Bucket="odd-keys")
    assert [item["Key"] for item in listed["Versions"]] == [key]


def test_a_web_page_can_neither_ask_nor_make_a_function(bare: Endpoint, wrapped: Endpoint) -> None:
    """As a page can: a simple request, with a signature that nobody has computed."""
    for endpoint, taken in ((bare, True), (wrapped, False)):
        arn = role(endpoint, "of-a-page")
        for headers in ({"Origin": "http://evil.example"}, {}):
            made = _make_function(endpoint["AWS_ENDPOINT_URL"], arn, headers)
            assert (made != 403) is taken
    with pytest.raises(ClientError, match="403"):
        client({**wrapped, "AWS_SECRET_ACCESS_KEY": "test"}, "lambda").create_function(
            FunctionName="theirs",
            Role=arn,
            Code={"ZipFile": b"x"},
            Handler="m.h",
            Runtime="python3.13",
        )
    with pytest.raises(ClientError, match="403"):
        client({**wrapped, "AWS_SECRET_ACCESS_KEY": "test"}, "glue").create_job(
            Name="theirs", Role=arn, Command={"Name": "glueetl", "ScriptLocation": "s3://a/b.py"}
        )


def test_code_comes_by_no_other_way(bare: Endpoint, wrapped: Endpoint) -> None:
    """A stack of CloudFormation holds functions; a script of a job is an object of S3."""
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": "of-a-stack",
            "Code": {"ZipFile": "def h(e, c): return 1"},
            "Handler": "index.h",
            "Runtime": "python3.13",
            "Role": "arn:aws:iam::000000000000:role/x",
        },
    }
    template = json.dumps({"Resources": {"F": function}})
    for endpoint in (bare, wrapped):
        client(endpoint, "s3").create_bucket(Bucket="some-control")
    forged = {**wrapped, "AWS_SECRET_ACCESS_KEY": "test"}

    def stack(endpoint: Endpoint) -> None:
        client(endpoint, "cloudformation").create_stack(StackName="s", TemplateBody=template)

    def resource(endpoint: Endpoint) -> None:
        desired = json.dumps(function["Properties"])
        cloud = client(endpoint, "cloudcontrol")
        cloud.create_resource(TypeName="AWS::Lambda::Function", DesiredState=desired)

    def script(endpoint: Endpoint) -> None:
        s3 = client(endpoint, "s3")
        s3.put_object(Bucket="some-control", Key="artifacts/1/job.py", Body=b"print()")

    for way in (stack, resource, script):
        way(bare)
        with pytest.raises((ClientError, ResponseParserError)):
            way(forged)
    script(wrapped)
    assert [
        f["FunctionName"] for f in client(wrapped, "lambda").list_functions()["Functions"]
    ] == []


def _make_function(url: str, role_arn: str, headers: dict[str, str]) -> int:
    scope = "test/20261125/us-east-1/lambda/aws4_request"
    query = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}&X-Amz-Signature=00"
    body = {
        "FunctionName": "of-a-page",
        "Runtime": "python3.13",
        "Handler": "m.h",
        "Role": role_arn,
        "Code": {"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="},
    }
    request = urllib.request.Request(
        f"{url}/2015-03-31/functions?{query}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "text/plain", **headers},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_spark_job_is_run(bare: Endpoint, wrapped: Endpoint) -> None:
    states = []
    for endpoint in (bare, wrapped):
        job(endpoint, "raises", "raise ValueError('really run')")
        run_id = client(endpoint, "glue").start_job_run(JobName="raises")["JobRunId"]
        states.append(end_of(endpoint, "raises", run_id))
    assert states[0]["JobRunState"] == "SUCCEEDED"
    assert states[1]["JobRunState"] == "FAILED"
    assert states[1]["ErrorMessage"] == "ValueError: really run"


def test_runs_are_limited_stopped_announced_and_logged(bare: Endpoint, wrapped: Endpoint) -> None:
    script = "import time; print('hello from the job', flush=True); time.sleep(60)"
    for endpoint in (bare, wrapped):
        job(endpoint, "sleeps", script, ExecutionProperty={"MaxConcurrentRuns": 1})
    glue = client(bare, "glue")
    glue.start_job_run(JobName="sleeps")
    glue.start_job_run(JobName="sleeps")

    events, queue = client(wrapped, "events"), client(wrapped, "sqs")
    url = queue.create_queue(QueueName="ended")["QueueUrl"]
    events.put_rule(Name="ended", EventPattern='{"source":["aws.glue"]}')
    target = {"Id": "1", "Arn": "arn:aws:sqs:us-east-1:000000000000:ended"}
    events.put_targets(Rule="ended", Targets=[target])
    glue = client(wrapped, "glue")
    run_id = glue.start_job_run(JobName="sleeps")["JobRunId"]
    with pytest.raises(glue.exceptions.ConcurrentRunsExceededException):
        glue.start_job_run(JobName="sleeps")
    logs = client(wrapped, "logs")
    for _ in range(300):
        try:
            found = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run_id)
        except logs.exceptions.ResourceNotFoundException:
            found = {"events": []}
        if found["events"]:
            break
        time.sleep(0.2)
    assert [event["message"] for event in found["events"]] == ["hello from the job"]
    glue.batch_stop_job_run(JobName="sleeps", JobRunIds=[run_id])
    assert end_of(wrapped, "sleeps", run_id)["JobRunState"] == "STOPPED"
    message = queue.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]
    detail = json.loads(message["Body"])["detail"]
    assert (detail["state"], detail["jobRunId"]) == ("STOPPED", run_id)


def test_a_job_keeps_its_fields_and_tags(bare: Endpoint, wrapped: Endpoint) -> None:
    kept = []
    for endpoint in (bare, wrapped):
        fields = {"ExecutionProperty": {"MaxConcurrentRuns": 3}, "Tags": {"a": "b"}}
        job(endpoint, "keeps", "pass", **fields)
        glue = client(endpoint, "glue")
        found = glue.get_job(JobName="keeps")["Job"].get("ExecutionProperty")
        tags = glue.get_tags(ResourceArn="arn:aws:glue:us-east-1:000000000000:job/keeps")["Tags"]
        kept.append((found, tags))
    assert kept == [(None, {}), ({"MaxConcurrentRuns": 3}, {"a": "b"})]


def test_a_partition_can_be_updated(bare: Endpoint, wrapped: Endpoint) -> None:
    values = ["b1"]
    outcome = []
    for endpoint in (bare, wrapped):
        glue = client(endpoint, "glue")
        glue.create_database(DatabaseInput={"Name": "d"})
        key = {"Name": "batch_id", "Type": "string"}
        glue.create_table(DatabaseName="d", TableInput={"Name": "t", "PartitionKeys": [key]})
        where = {"DatabaseName": "d", "TableName": "t"}
        old = {"Values": values, "StorageDescriptor": {"Location": "s3://old"}}
        new = {"Values": values, "StorageDescriptor": {"Location": "s3://new"}}
        glue.create_partition(**where, PartitionInput=old)
        try:
            glue.update_partition(**where, PartitionValueList=values, PartitionInput=new)
        except ClientError as error:
            outcome.append(error.response["Error"]["Code"])
        found = glue.get_partition(**where, PartitionValues=values)["Partition"]
        outcome.append(found["StorageDescriptor"]["Location"])
    assert outcome == ["InvalidAction", "s3://old", "s3://new"]


def test_alarms_are_described_whole_in_the_query_protocol(
    bare: Endpoint, wrapped: Endpoint
) -> None:
    texts = []
    for endpoint in (bare, wrapped):
        client(endpoint, "cloudwatch").put_metric_alarm(
            AlarmName="a<b",
            Namespace="N",
            MetricName="M",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            Statistic="Sum",
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
            Dimensions=[{"Name": "d", "Value": "v"}],
        )
        signed = {
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/monitoring/"
            "aws4_request, SignedHeaders=host, Signature=0",
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        body = b"Action=DescribeAlarms&Version=2010-08-01"
        request = urllib.request.Request(endpoint["AWS_ENDPOINT_URL"], body, signed)
        with urllib.request.urlopen(request) as answer:
            texts.append(answer.read().decode())
    assert "<TreatMissingData>" not in texts[0]
    for part in (
        "<AlarmName>a&lt;b</AlarmName>",
        "<TreatMissingData>notBreaching</TreatMissingData>",
        "<Dimensions><member><Name>d</Name><Value>v</Value></member></Dimensions>",
        "<ActionsEnabled>true</ActionsEnabled>",
    ):
        assert part in texts[1]


def test_hadoop_sees_no_encryption_headers(bare: Endpoint, wrapped: Endpoint) -> None:
    seen = []
    for endpoint in (bare, wrapped):
        key = client(endpoint, "kms").create_key()["KeyMetadata"]["Arn"]
        s3 = client(endpoint, "s3")
        s3.create_bucket(Bucket="secret")
        s3.put_object(
            Bucket="secret", Key="k", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
        )
        assert s3.head_object(Bucket="secret", Key="k")["SSEKMSKeyId"] == key
        config = Config(user_agent="Hadoop 3.3.4, aws-sdk-java/1.11.901")
        hadoop = boto3.client("s3", config=config, **as_root(endpoint))
        seen.append(hadoop.head_object(Bucket="secret", Key="k").get("SSEKMSKeyId") == key)
    assert seen == [True, False]


def test_a_range_of_a_named_version_is_a_range(bare: Endpoint, wrapped: Endpoint) -> None:
    lengths = []
    for endpoint in (bare, wrapped):
        s3 = client(endpoint, "s3")
        s3.create_bucket(Bucket="ranges")
        versioning = {"Status": "Enabled"}
        s3.put_bucket_versioning(Bucket="ranges", VersioningConfiguration=versioning)
        version = s3.put_object(Bucket="ranges", Key="k", Body=bytes(range(256)))["VersionId"]
        asked = {"Bucket": "ranges", "Key": "k", "VersionId": version}
        lengths.append(len(s3.get_object(**asked, Range="bytes=10-19")["Body"].read()))
    assert lengths == [256, 10]
    answer = s3.get_object(**asked, Range="bytes=-6")
    assert (answer["Body"].read(), answer["ContentRange"]) == (
        bytes(range(250, 256)),
        "bytes 250-255/256",
    )
    with pytest.raises(ClientError, match="InvalidRange"):
        s3.get_object(**asked, Range="bytes=256-")


def test_a_copy_shares_the_file_of_its_source(
    bare: Endpoint, wrapped: Endpoint, root: Path
) -> None:
    names = []
    for endpoint, folder in ((bare, root / "plain"), (wrapped, root / "ours")):
        s3 = client(endpoint, "s3")
        for bucket in ("from", "to"):
            s3.create_bucket(Bucket=f"copied-{bucket}")
        versioning = {"Status": "Enabled"}
        s3.put_bucket_versioning(Bucket="copied-from", VersioningConfiguration=versioning)
        version = s3.put_object(Bucket="copied-from", Key="k", Body=b"body")["VersionId"]
        source = {"Bucket": "copied-from", "Key": "k", "VersionId": version}
        copy = s3.copy_object(Bucket="copied-to", Key="k", CopySource=source)
        assert copy["CopyObjectResult"]["ETag"] == s3.head_object(**source)["ETag"]
        [file] = Places(folder).state.glob("s3/*/copied-to/k")
        names.append((file.stat().st_nlink, file.read_bytes()))
    assert names == [(1, b"body"), (2, b"body")]


def test_policies_see_the_conditions_of_a_write(bare: Endpoint, wrapped: Endpoint) -> None:
    outcome = []
    for endpoint in (bare, wrapped):
        s3 = client(endpoint, "s3")
        s3.create_bucket(Bucket="ledger")
        deny = json.dumps(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:PutObject",
                "Resource": "arn:aws:s3:::ledger/*",
                "Condition": {"Null": {"s3:if-none-match": "true"}},
            }
        )
        s3.put_bucket_policy(Bucket="ledger", Policy=POLICY % deny)
        arn = role(endpoint, "writer")
        given = client(endpoint, "sts").assume_role(RoleArn=arn, RoleSessionName="test")[
            "Credentials"
        ]
        writer = boto3.client(
            "s3",
            endpoint_url=endpoint["AWS_ENDPOINT_URL"],
            region_name=endpoint["AWS_REGION"],
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
        for condition in ({"IfNoneMatch": "*"}, {}):
            try:
                writer.put_object(Bucket="ledger", Key="k", Body=b"1", **condition)  # type: ignore[arg-type]
            except ClientError as error:
                outcome.append(error.response["Error"]["Code"])
            else:
                outcome.append("written")
    assert outcome == ["AccessDenied", "AccessDenied", "written", "AccessDenied"]


def test_trust_policies_see_the_source_account(bare: Endpoint, wrapped: Endpoint) -> None:
    trust = json.dumps(
        {
            "Effect": "Allow",
            "Principal": {"Service": "glue.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "000000000000"}},
        }
    )
    arns = [role(endpoint, "conditional", trust) for endpoint in (bare, wrapped)]
    with pytest.raises(ClientError, match="AccessDenied"):
        client(bare, "sts").assume_role(RoleArn=arns[0], RoleSessionName="test")
    assert client(wrapped, "sts").assume_role(RoleArn=arns[1], RoleSessionName="test")[
        "Credentials"
    ]


def test_the_clients_of_the_commands_find_the_emulator(wrapped: Endpoint) -> None:
    assert Clients(client_of(wrapped)).s3.list_buckets()["Buckets"]


def sent_twice(endpoint: Endpoint, alias: str, agent: str) -> None:
    """One CreateAlias, sent again by an SDK that has not read its answer."""
    key = client(endpoint, "kms").create_key()["KeyMetadata"]["KeyId"]
    kms: Any = boto3.client("kms", **as_root(endpoint), config=Config(user_agent=agent))

    def same_call(request: Any, **_: Any) -> None:
        request.headers["amz-sdk-invocation-id"] = alias

    kms.meta.events.register("before-send.kms", same_call)
    for _ in range(2):
        kms.create_alias(AliasName=alias, TargetKeyId=key)


def test_a_call_that_terraform_sends_again_is_carried_out_once(
    wrapped: Endpoint, bare: Endpoint
) -> None:
    terraform = "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0"
    with pytest.raises(ClientError, match="AlreadyExists"):
        sent_twice(bare, "alias/lake", terraform)
    sent_twice(wrapped, "alias/lake", terraform)
    with pytest.raises(ClientError, match="AlreadyExists"):
        sent_twice(wrapped, "alias/other", "Boto3/1.43.106")


def test_events_wait_by_the_hundred_and_asleep(root: Path, wrapped: Endpoint) -> None:
    functions, name, count = client(wrapped, "lambda"), "slow", 500
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("m.py", "import time\ndef h(event, context): time.sleep(event['for'])\n")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="m.h",
        Role=role(wrapped, "of-slow"),
        Timeout=60,
        Code={"ZipFile": packed.getvalue()},
    )

    def invoke(seconds: float) -> None:
        body = json.dumps({"for": seconds}).encode()
        functions.invoke(FunctionName=name, InvocationType="Event", Payload=body)

    for seconds in (*[60.0] * LAMBDA_PROCESSES, *[0.0] * count):
        invoke(seconds)
    pid = Places(root / "ours").pid_file.read_text()
    spent = -processor_seconds(pid)
    time.sleep(3)
    assert spent + processor_seconds(pid) < 1


def processor_seconds(pid: str) -> float:
    """What a process has used of the processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
