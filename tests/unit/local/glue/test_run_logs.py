"""The log groups of a run, named as the Glue guide says under "Logging for AWS Glue jobs"."""

from __future__ import annotations

from local.glue.runs.logs import groups


def test_a_job_without_security_configuration_writes_to_its_prefix() -> None:
    job = {"Role": "arn:aws:iam::000000000000:role/lake-job", "DefaultArguments": {}}
    assert groups(job) == {
        "output.log": "/aws-glue/jobs/output",
        "error.log": "/aws-glue/jobs/error",
    }
    own = {**job, "DefaultArguments": {"--custom-logGroup-prefix": "/lake"}}
    assert groups(own)["error.log"] == "/lake/error"


def test_a_security_configuration_and_the_role_are_in_the_name() -> None:
    job = {
        "Role": "arn:aws:iam::000000000000:role/team/lake-job",
        "SecurityConfiguration": "lake",
        "DefaultArguments": {"--custom-logGroup-prefix": "/aws-glue/jobs/lake"},
    }
    assert groups(job)["output.log"] == "/aws-glue/jobs/lake/lake-role/lake-job/output"
