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
  datasets = ["orders", "users"]
  engines = {
    function = "lake-duckdb"
    job      = "lake-job"
  }
  name    = "lake-reconciler"
  package = "versions.tf"
  tables = {
    database = "lake_gold"
    names    = ["user_activity", "country_revenue"]
  }
}

run "looks_every_five_minutes_and_after_each_run" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_rule.schedule.schedule_expression == "rate(5 minutes)"
    error_message = "The schedule is five minutes."
  }

  assert {
    condition = toset(flatten([
      for rule in aws_cloudwatch_event_rule.job_end : jsondecode(rule.event_pattern).detail.state
    ])) == toset(["ERROR", "FAILED", "STOPPED", "SUCCEEDED", "TIMEOUT"])
    error_message = "Every end of a run is looked at."
  }

  assert {
    condition     = alltrue([for rule in aws_cloudwatch_event_rule.job_end : jsondecode(rule.event_pattern).detail.jobName == ["lake-job"]])
    error_message = "Only runs of the pipeline's job count."
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_event_target.reconciler)) == toset(["job-failed", "job-succeeded", "schedule"])
    error_message = "Every rule has the reconciler as its target."
  }
}

run "is_invoked_by_its_rules_only" {
  command = plan

  assert {
    condition = toset(values(aws_lambda_permission.rule)[*].source_arn) == toset([
      "arn:aws:events:eu-west-1:111122223333:rule/lake-reconciler-job-failed",
      "arn:aws:events:eu-west-1:111122223333:rule/lake-reconciler-job-succeeded",
      "arn:aws:events:eu-west-1:111122223333:rule/lake-reconciler-schedule",
    ])
    error_message = "Each permission names its rule."
  }
}

run "never_changes_bronze_nor_writes_gold" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(data.aws_iam_policy_document.reconciler.json).Statement :
      alltrue([for action in flatten([statement.Action]) : startswith(action, "s3:Get") || startswith(action, "s3:List")])
      if anytrue([for resource in flatten([statement.Resource]) : startswith(resource, "arn:aws:s3:::lake-bronze")])
    ])
    error_message = "Bronze is read only."
  }

  assert {
    condition = !anytrue(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.reconciler.json).Statement : [
        for resource in flatten([statement.Resource]) : startswith(resource, "arn:aws:s3:::lake-gold")
      ] if contains(flatten([statement.Action]), "s3:PutObject")
    ]))
    error_message = "Only runs write gold."
  }
}

run "deletes_only_superseded_runs_and_copies_in_silver" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.reconciler.json).Statement :
      statement.Resource if strcontains(jsonencode(statement.Action), "s3:Delete")
      ])) == toset([
      "arn:aws:s3:::lake-gold/country_revenue/*", "arn:aws:s3:::lake-gold/user_activity/*",
      "arn:aws:s3:::lake-silver/orders/*", "arn:aws:s3:::lake-silver/users/*",
    ])
    error_message = "Deletes are for runs of the tables in gold and copies in silver, never for the ledger."
  }
}

run "flips_partitions_of_its_tables_only" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(module.function.policy).Statement : statement.Sid => statement.Resource
      }["FlipPartition"] == [
      "arn:aws:glue:eu-west-1:111122223333:table/lake_gold/user_activity",
      "arn:aws:glue:eu-west-1:111122223333:table/lake_gold/country_revenue",
      "arn:aws:glue:eu-west-1:111122223333:database/lake_gold",
      "arn:aws:glue:eu-west-1:111122223333:catalog",
    ]
    error_message = "Catalog, database and table are named."
  }
}

run "rejects_contract_without_datasets" {
  command = plan

  variables {
    datasets = []
  }

  expect_failures = [var.datasets]
}

run "may_look_every_minute" {
  command = plan

  variables {
    every_minutes = 1
  }

  assert {
    condition     = aws_cloudwatch_event_rule.schedule.schedule_expression == "rate(1 minute)"
    error_message = "EventBridge wants the singular for one."
  }
}

run "uses_the_key_of_an_encrypted_catalog_through_glue" {
  command = plan

  variables {
    keys = merge(var.keys, { catalog_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/22222222-2222-3333-4444-555555555555" })
  }

  assert {
    condition     = strcontains(module.function.policy, "UseCatalogKey") && strcontains(module.function.policy, "glue.eu-west-1.amazonaws.com")
    error_message = "An encrypted catalog is written with the caller's rights on its key."
  }
}

run "rejects_looks_further_apart_than_alarms_bear" {
  command = plan

  variables {
    every_minutes = 60
  }

  expect_failures = [var.every_minutes]
}

run "rejects_contract_without_tables" {
  command = plan

  variables {
    tables = { database = "lake_gold", names = [] }
  }

  expect_failures = [var.tables]
}
