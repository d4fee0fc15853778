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
    control    = "lake-control"
    gold       = "lake-gold"
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
  datasets            = ["orders", "users"]
  name                = "lake-duckdb"
  package             = "versions.tf"
  reconciler_function = "lake-reconciler"
  tables = {
    database = "lake_gold"
    names    = ["user_activity", "country_revenue"]
  }
}

run "has_as_much_time_and_room_as_lambda_gives" {
  command = plan

  assert {
    condition     = module.function.limits == { ephemeral_storage = 10240, retry_attempts = 0, timeout = 900 }
    error_message = "A run has 15 minutes and 10 GiB to spill to, and the ledger alone tries again."
  }
}

run "writes_only_runs_rejected_rows_and_the_ledger" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.engine.json).Statement :
      statement.Resource if contains(flatten([statement.Action]), "s3:PutObject")
      ])) == toset([
      "arn:aws:s3:::lake-control/batches/*",
      "arn:aws:s3:::lake-gold/country_revenue/*",
      "arn:aws:s3:::lake-gold/user_activity/*",
      "arn:aws:s3:::lake-quarantine/rows/orders/*",
      "arn:aws:s3:::lake-quarantine/rows/users/*",
    ])
    error_message = "A run writes below its tables, rejected rows and the ledger."
  }

  assert {
    condition     = !strcontains(data.aws_iam_policy_document.engine.json, "bronze") && !strcontains(data.aws_iam_policy_document.engine.json, "s3:Delete")
    error_message = "It knows nothing of bronze and deletes no object."
  }
}

run "starts_nothing_and_lets_lambda_tell_the_reconciler_of_failures" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(module.function.policy).Statement :
      statement.Sid => statement.Resource if anytrue([for action in flatten([statement.Action]) : startswith(action, "lambda:") || startswith(action, "glue:Start")])
    } == { TellFailures = "arn:aws:lambda:eu-west-1:111122223333:function:lake-reconciler" }
    error_message = "Starting is for the ledger's owners; the reconciler is the destination of what failed."
  }
}

run "rejects_contract_without_datasets" {
  command = plan

  variables {
    datasets = []
  }

  expect_failures = [var.datasets]
}

run "rejects_contract_without_tables" {
  command = plan

  variables {
    tables = { database = "lake_gold", names = [] }
  }

  expect_failures = [var.tables]
}

run "rejects_memory_in_which_it_would_only_spill" {
  command = plan

  variables {
    limits = { memory_size = 512 }
  }

  expect_failures = [var.limits]
}

run "rejects_more_time_than_lambda_gives" {
  command = plan

  variables {
    limits = { timeout = 901 }
  }

  expect_failures = [var.limits]
}
