provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  keys = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555" }
  buckets = {
    bronze     = "lake-bronze"
    control    = "lake-control"
    quarantine = "lake-quarantine"
    silver     = "lake-silver"
  }
  common = {
    metric_namespace = "lake/test"
    queue_key        = "alias/lake"
    scope = {
      account_id = "111122223333"
      partition  = "aws"
      region     = "eu-west-1"
    }
  }
  datasets = ["orders", "users"]
  engines = {
    function = "lake-duckdb"
    job      = "lake-job"
  }
  name    = "lake-validator"
  package = "versions.tf"
}

run "is_told_of_every_created_object" {
  command = plan

  assert {
    condition = alltrue([
      for target in aws_s3_bucket_notification.bronze[0].lambda_function :
      target.events == toset(["s3:ObjectCreated:*"]) && coalesce(target.filter_prefix, "none") == "none" && coalesce(target.filter_suffix, "none") == "none"
    ])
    error_message = "Every created object is looked at, whatever its name."
  }
}

run "is_invoked_by_bronze_of_this_account_only" {
  command = plan

  assert {
    condition     = aws_lambda_permission.bronze.source_arn == "arn:aws:s3:::lake-bronze" && aws_lambda_permission.bronze.source_account == "111122223333"
    error_message = "The permission names bucket and account."
  }
}

run "reads_bronze_and_never_changes_it" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(data.aws_iam_policy_document.validator.json).Statement :
      alltrue([for action in flatten([statement.Action]) : startswith(action, "s3:Get") || startswith(action, "s3:List")])
      if anytrue([for resource in flatten([statement.Resource]) : startswith(resource, "arn:aws:s3:::lake-bronze")])
    ])
    error_message = "Bronze is read only."
  }
}

run "writes_only_to_folders_of_datasets_and_records" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.validator.json).Statement :
      statement.Resource if contains(flatten([statement.Action]), "s3:PutObject")
      ])) == toset([
      "arn:aws:s3:::lake-control/batches/*",
      "arn:aws:s3:::lake-quarantine/files/*",
      "arn:aws:s3:::lake-silver/orders/*",
      "arn:aws:s3:::lake-silver/users/*",
    ])
    error_message = "Writes go to silver's datasets, rejection records and the ledger."
  }
}

run "starts_no_function_but_the_engine" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(module.function.policy).Statement : statement.Sid => [statement.Action, statement.Resource]
    }["StartEngine"] == ["lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:lake-duckdb"]
    error_message = "The engine alone is invoked."
  }
}

run "listens_through_eventbridge_beside_others" {
  command = plan

  variables {
    bronze_events = "eventbridge"
    own_bucket    = false
  }

  assert {
    condition     = length(aws_s3_bucket_notification.bronze) == 0
    error_message = "The notification of a bucket that others listen to is left alone."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.uploads[0].event_pattern).detail == { bucket = { name = ["lake-bronze"] } }
    error_message = "The rule is for every object of bronze."
  }

  assert {
    condition     = aws_lambda_permission.bronze.source_arn == "arn:aws:events:eu-west-1:111122223333:rule/lake-validator-uploads"
    error_message = "The rule alone may invoke."
  }
}

run "has_its_own_bucket_tell_eventbridge" {
  command = plan

  variables {
    bronze_events = "eventbridge"
  }

  assert {
    condition     = aws_s3_bucket_notification.bronze[0].eventbridge && length(aws_s3_bucket_notification.bronze[0].lambda_function) == 0
    error_message = "The bucket tells EventBridge, and nobody else."
  }
}

run "rejects_other_ways_to_be_told" {
  command = plan

  variables {
    bronze_events = "sqs"
  }

  expect_failures = [var.bronze_events]
}

run "deletes_only_copies_in_silver" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.validator.json).Statement :
      statement.Resource if strcontains(jsonencode(statement.Action), "Delete")
    ])) == toset(["arn:aws:s3:::lake-silver/orders/*", "arn:aws:s3:::lake-silver/users/*"])
    error_message = "The copy of a file whose name was taken goes again, and nothing else."
  }
}

run "starts_no_job_but_its_own" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(module.function.policy).Statement :
      statement.Resource if anytrue([for action in flatten([statement.Action]) : startswith(action, "glue:")])
    ])) == toset(["arn:aws:glue:eu-west-1:111122223333:job/lake-job"])
    error_message = "Only the pipeline's job is started."
  }
}

run "rejects_contract_without_datasets" {
  command = plan

  variables {
    datasets = []
  }

  expect_failures = [var.datasets]
}
