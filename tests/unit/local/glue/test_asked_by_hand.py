"""What people ask of Glue by hand is answered, though no command of the project asks it."""

from __future__ import annotations

import json
from typing import Any

from local.glue.app import Glue
from local.glue.state import State


def nothing(*_: Any, **named: Any) -> None:
    """Stands for what runs a job and tells of it."""


def test_jobs_security_and_partitions_are_listed_by_name() -> None:
    glue = Glue(State(None), nothing, nothing)

    def ask(action: str, **request: Any) -> Any:
        status, answer = glue.answer(action, json.dumps(request).encode())
        assert status == 200, answer
        return answer

    command = {"Name": "glueetl", "ScriptLocation": "s3://b/job.py"}
    ask("CreateJob", Name="j", Role="arn:aws:iam::000000000000:role/r", Command=command)
    assert ask("ListJobs")["JobNames"] == ["j"]
    some = ask("BatchGetJobs", JobNames=["j", "k"])
    assert [job["Name"] for job in some["Jobs"]] == ["j"]
    assert some["JobsNotFound"] == ["k"]

    ask("CreateSecurityConfiguration", Name="s", EncryptionConfiguration={})
    found = ask("GetSecurityConfigurations")["SecurityConfigurations"]
    assert [one["Name"] for one in found] == ["s"]

    table = {"DatabaseName": "d", "TableName": "t"}
    ask("CreateDatabase", DatabaseInput={"Name": "d"})
    keys = [{"Name": "batch", "Type": "string"}]
    ask("CreateTable", DatabaseName="d", TableInput={"Name": "t", "PartitionKeys": keys})
    ask("CreatePartition", **table, PartitionInput={"Values": ["1"], "StorageDescriptor": {}})
    wanted = [{"Values": ["1"]}, {"Values": ["2"]}]
    answer = ask("BatchGetPartition", **table, PartitionsToGet=wanted)
    assert [one["Values"] for one in answer["Partitions"]] == [["1"]]
    assert answer["UnprocessedKeys"] == [{"Values": ["2"]}]
