provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

variables {
  environment = "test"
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
}

run "names_buckets_by_project_environment_layer_and_account" {
  command = plan

  assert {
    condition = [
      output.bronze_bucket, output.silver_bucket, output.gold_bucket, output.quarantine_bucket, output.control_bucket,
      ] == [
      "commerce-test-bronze-111122223333", "commerce-test-silver-111122223333", "commerce-test-gold-111122223333",
      "commerce-test-quarantine-111122223333", "commerce-test-control-111122223333",
    ]
    error_message = "Bucket names are <project>-<env>-<layer>-<account>."
  }
}

run "uses_an_existing_key" {
  command = plan

  assert {
    condition     = length(module.kms_key) == 0 && output.kms_key_arn == var.kms_key_arn
    error_message = "No key is made beside the given one."
  }
}

run "makes_a_key_of_its_own" {
  command = plan

  variables {
    kms_key_arn = null
  }

  assert {
    condition     = length(module.kms_key) == 1
    error_message = "Without a key one is made."
  }
}

run "publishes_the_table_of_the_contract" {
  command = plan

  assert {
    condition     = output.gold_table == "user_activity" && output.glue_database == "commerce_test_gold"
    error_message = "The table is that of the contract."
  }
}

run "rejects_negative_concurrency_of_the_reconciler" {
  command = plan

  variables {
    reconciler_reserved_concurrency = -1
  }

  expect_failures = [var.reconciler_reserved_concurrency]
}

run "rejects_negative_concurrency_of_the_validator" {
  command = plan

  variables {
    validator_reserved_concurrency = -1
  }

  expect_failures = [var.validator_reserved_concurrency]
}

run "rejects_long_environment" {
  command = plan

  variables {
    environment = "production1"
  }

  expect_failures = [var.environment]
}

run "rejects_key_by_alias" {
  command = plan

  variables {
    kms_key_arn = "alias/lake"
  }

  expect_failures = [var.kms_key_arn]
}

run "rejects_timeout_in_which_a_claim_goes_stale" {
  command = plan

  variables {
    lambda_timeout = 180
  }

  expect_failures = [var.lambda_timeout]
}

run "rejects_boundary_that_is_no_policy" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:role/admin"
  }

  expect_failures = [var.permissions_boundary]
}

run "rejects_quarantine_that_keeps_nothing" {
  command = plan

  variables {
    quarantine_retention_in_days = 0
  }

  expect_failures = [var.quarantine_retention_in_days]
}

run "rejects_environment_of_functions_but_endpoints" {
  command = plan

  variables {
    sdk_environment = { PYTHONPATH = "/tmp" }
  }

  expect_failures = [var.sdk_environment]
}
