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

run "ends_global_names_in_the_region_where_two_regions_share_an_account" {
  command = plan

  variables {
    region_in_names = true
  }

  assert {
    condition     = output.bronze_bucket == "commerce-test-bronze-111122223333-eu-west-1"
    error_message = "Bucket names are <project>-<env>-<layer>-<account>-<region>."
  }

  assert {
    condition     = output.validator_function == "commerce-test-validator"
    error_message = "What is regional keeps its name."
  }
}

run "uses_an_existing_key" {
  command = plan

  assert {
    condition     = output.kms_key_arn == var.kms_key_arn
    error_message = "The given key is used."
  }
}

run "publishes_the_tables_of_the_contract" {
  command = plan

  assert {
    condition     = output.gold_table == jsondecode(output.gold_tables)[0] && output.glue_database == "commerce_test_gold"
    error_message = "The tables are those of the contract, the first one first."
  }
}

run "leaves_existing_buckets_as_they_are_and_says_what_they_should_deny" {
  command = plan

  variables {
    buckets = {
      bronze_events = "eventbridge"
      existing      = { bronze = "landing-zone", control = "platform-control" }
    }
  }

  assert {
    condition     = output.bronze_bucket == "landing-zone" && output.control_bucket == "platform-control"
    error_message = "Existing buckets are used by their own names."
  }

  assert {
    condition = contains(
      jsondecode(output.bucket_policies)["control"].Statement[*].Sid, "DenyUnconditionalPutsInLedger"
    )
    error_message = "What an existing bucket lacks is an output."
  }
}

run "refuses_a_folder_without_a_build" {
  command = plan

  variables {
    build_dir = "../nowhere"
  }

  expect_failures = [data.aws_region.current]
}

run "rejects_producers_that_are_no_roles" {
  command = plan

  variables {
    access = { producers = ["111122223333"] }
  }

  expect_failures = [var.access]
}

run "rejects_topic_by_name" {
  command = plan

  variables {
    alarms = { topic_arns = ["pager"] }
  }

  expect_failures = [var.alarms]
}

run "rejects_unknown_way_to_tell_of_files" {
  command = plan

  variables {
    buckets = { bronze_events = "sqs" }
  }

  expect_failures = [var.buckets]
}

run "rejects_taking_the_notification_of_an_existing_bucket_over" {
  command = plan

  variables {
    buckets = { existing = { bronze = "landing-zone" } }
  }

  expect_failures = [var.buckets]
}

run "rejects_unknown_layer" {
  command = plan

  variables {
    buckets = { existing = { raw = "landing-zone" } }
  }

  expect_failures = [var.buckets]
}

run "rejects_retention_that_keeps_nothing" {
  command = plan

  variables {
    buckets = { retention_in_days = { quarantine = 0 } }
  }

  expect_failures = [var.buckets]
}

run "rejects_catalog_key_by_alias" {
  command = plan

  variables {
    catalog = { kms_key_arn = "alias/catalog" }
  }

  expect_failures = [var.catalog]
}

run "rejects_long_environment" {
  command = plan

  variables {
    environment = "production1"
  }

  expect_failures = [var.environment]
}

run "rejects_timeout_in_which_a_claim_goes_stale" {
  command = plan

  variables {
    functions = { timeout = 180 }
  }

  expect_failures = [var.functions]
}

run "rejects_earlier_key_by_alias" {
  command = plan

  variables {
    key = { earlier_arns = ["alias/lake"] }
  }

  expect_failures = [var.key]
}

run "rejects_key_by_alias" {
  command = plan

  variables {
    kms_key_arn = "alias/lake"
  }

  expect_failures = [var.kms_key_arn]
}

run "rejects_key_of_another_region" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  }

  expect_failures = [var.kms_key_arn]
}

run "rejects_network_without_subnets" {
  command = plan

  variables {
    network = { availability_zone = "eu-west-1a", security_group_ids = ["sg-1"], subnet_ids = [] }
  }

  expect_failures = [var.network]
}

run "rejects_boundary_that_is_no_policy" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:role/admin"
  }

  expect_failures = [var.permissions_boundary]
}

run "rejects_environment_of_functions_but_endpoints" {
  command = plan

  variables {
    sdk_environment = { PYTHONPATH = "/tmp" }
  }

  expect_failures = [var.sdk_environment]
}

run "rejects_more_tags_than_aws_takes" {
  command = plan

  variables {
    tags = { for number in range(48) : "tag-${number}" => "x" }
  }

  expect_failures = [var.tags]
}
