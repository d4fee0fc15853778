provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  keys    = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555" }
  buckets = { bronze = "lake-bronze", gold = "lake-gold" }
  common = {
    metric_namespace = "lake/test"
    queue_key        = "alias/lake"
    scope = {
      account_id = "111122223333"
      partition  = "aws"
      region     = "eu-west-1"
    }
  }
  description = "Does something"
  encrypted   = ["bronze"]
  handler     = "package.handler"
  limits = {
    memory_size = 512
    timeout     = 150
  }
  name    = "lake-test-function"
  package = "versions.tf"
  policy  = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Own\",\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::lake/*\"}]}"
}

run "runs_python_with_json_logs_and_traces" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.runtime == "python3.13" && aws_lambda_function.this.tracing_config[0].mode == "Active"
    error_message = "Python 3.13, traced."
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_format == "JSON" && aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/lake-test-function"
    error_message = "Logs are JSON, in a group of the function's own."
  }

  assert {
    condition     = aws_lambda_function.this.kms_key_arn == var.keys.kms_key_arn && aws_cloudwatch_log_group.this.kms_key_id == var.keys.kms_key_arn
    error_message = "Environment and logs are encrypted with the key."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 365
    error_message = "Logs are kept for a year."
  }
}

run "says_how_often_and_how_long_events_are_tried" {
  command = plan

  assert {
    condition = alltrue([
      aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 2,
      aws_lambda_function_event_invoke_config.this.maximum_event_age_in_seconds == 21600,
    ])
    error_message = "Two retries within six hours."
  }

  assert {
    condition     = aws_lambda_function_recursion_config.this.recursive_loop == "Terminate"
    error_message = "Loops are ended."
  }
}

run "holds_each_failed_event_once_and_with_its_cause" {
  command = plan

  assert {
    condition     = length(aws_lambda_function.this.dead_letter_config) == 0
    error_message = "No dead letter queue beside the destination: each event would be there twice."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.destination_config[0].on_failure[0].destination == "arn:aws:sqs:eu-west-1:111122223333:lake-test-function-dead-letters"
    error_message = "Failed events go to the function's queue."
  }
}

run "tells_a_function_of_failures_and_keeps_the_event" {
  command = plan

  variables {
    failure_function = "lake-reconciler"
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.destination_config[0].on_failure[0].destination == "arn:aws:lambda:eu-west-1:111122223333:function:lake-reconciler"
    error_message = "Lambda calls the function with the event and why it failed."
  }

  assert {
    condition     = aws_lambda_function.this.dead_letter_config[0].target_arn == "arn:aws:sqs:eu-west-1:111122223333:lake-test-function-dead-letters"
    error_message = "The event itself goes to the queue."
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => [statement.Action, statement.Resource]
    }["TellFailures"] == ["lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:lake-reconciler"]
    error_message = "Lambda calls it with the role of what failed."
  }
}

run "is_told_its_buckets_tables_engines_and_metrics" {
  command = plan

  variables {
    engines = { function = "lake-duckdb", job = "lake-job" }
    tables  = { database = "lake_gold", names = ["user_activity"] }
  }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      BRONZE_BUCKET    = "lake-bronze"
      DUCKDB_FUNCTION  = "lake-duckdb"
      GLUE_DATABASE    = "lake_gold"
      GLUE_JOB         = "lake-job"
      GOLD_BUCKET      = "lake-gold"
      METRIC_NAMESPACE = "lake/test"
    })
    error_message = "What it works with stands in its environment."
  }
}

run "hands_a_large_package_over_through_a_bucket" {
  command = plan

  variables {
    package_bucket = "lake-control"
  }

  assert {
    condition     = aws_lambda_function.this.s3_bucket == "lake-control" && can(regex("^artifacts/[0-9a-f]{12}/versions[.]tf$", aws_lambda_function.this.s3_key)) && aws_lambda_function.this.filename == null
    error_message = "A package beyond 50 MB is named, not sent."
  }
}

run "joins_a_network_and_reads_with_earlier_keys_when_told" {
  command = plan

  variables {
    keys = merge(var.keys, {
      catalog_key_arn  = "arn:aws:kms:eu-west-1:111122223333:key/22222222-2222-3333-4444-555555555555"
      earlier_key_arns = ["arn:aws:kms:eu-west-1:111122223333:key/33333333-2222-3333-4444-555555555555"]
    })
    common = merge(var.common, {
      network = { availability_zone = "eu-west-1a", security_group_ids = ["sg-1"], subnet_ids = ["subnet-1"] }
    })
    tables = { database = "lake_gold", names = ["user_activity"] }
  }

  assert {
    condition     = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1"])
    error_message = "It runs in the given subnets."
  }

  assert {
    condition = length(setsubtract(
      ["JoinNetwork", "ReadWithEarlierKeys", "UseCatalogKey"], jsondecode(aws_iam_role_policy.this.policy).Statement[*].Sid,
    )) == 0
    error_message = "What an option needs, the role may."
  }
}

run "rejects_less_room_than_lambda_has" {
  command = plan

  variables {
    limits = merge(var.limits, { ephemeral_storage = 256 })
  }

  expect_failures = [var.limits]
}

run "rejects_events_that_wait_for_days" {
  command = plan

  variables {
    limits = merge(var.limits, { event_age_in_seconds = 86400 })
  }

  expect_failures = [var.limits]
}

run "rejects_more_retries_than_lambda_makes" {
  command = plan

  variables {
    limits = merge(var.limits, { retry_attempts = 3 })
  }

  expect_failures = [var.limits]
}

run "keeps_dead_letters_encrypted_for_two_weeks" {
  command = plan

  assert {
    condition     = aws_sqs_queue.dead_letters.kms_master_key_id == "alias/lake" && aws_sqs_queue.dead_letters.message_retention_seconds == 1209600
    error_message = "Dead letters are encrypted and kept for 14 days."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dead_letters.policy).Statement[0].Condition == {
      Bool = { "aws:SecureTransport" = "false" }
    }
    error_message = "The queue refuses plain http."
  }
}

run "lets_only_the_given_rules_send_to_the_queue" {
  command = plan

  variables {
    common    = merge(var.common, { require_tls = false })
    rule_arns = ["arn:aws:events:eu-west-1:111122223333:rule/lake-test-schedule"]
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dead_letters.policy).Statement[0].Condition == {
      ArnEquals = { "aws:SourceArn" = "arn:aws:events:eu-west-1:111122223333:rule/lake-test-schedule" }
    }
    error_message = "A rule is named by its ARN."
  }
}

run "is_assumed_by_lambda_for_this_account_only" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition == {
      StringEquals = { "aws:SourceAccount" = "111122223333" }
    }
    error_message = "The trust policy names the account."
  }
}

run "adds_key_logs_dead_letters_and_traces_to_the_policy" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement[*].Sid == [
      "Own", "UseKeyThroughBuckets", "WriteOwnLogs", "SendDeadLetters", "EncryptDeadLetters", "WriteTraces",
    ]
    error_message = "What every function needs comes on top of its own policy."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      !contains(flatten([statement.Resource]), "*") || statement.Sid == "WriteTraces"
    ])
    error_message = "Only traces, which know no resources, are written to any."
  }
}

run "uses_the_key_only_through_s3_and_for_its_buckets" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => try(statement.Condition, null)
      }["UseKeyThroughBuckets"] == {
      StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" }
      StringLike = {
        "kms:EncryptionContext:aws:s3:arn" = ["arn:aws:s3:::lake-bronze", "arn:aws:s3:::lake-bronze/*"]
      }
    }
    error_message = "The key is used through S3 only, for the named buckets."
  }
}

run "shares_the_pool_of_the_account_unless_told" {
  command = plan

  assert {
    condition     = coalesce(aws_lambda_function.this.reserved_concurrent_executions, -1) == -1
    error_message = "Nothing is reserved."
  }
}

run "can_be_paused" {
  command = plan

  variables {
    limits = merge(var.limits, { reserved_concurrency = 0 })
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 0
    error_message = "Zero concurrent runs pause the function."
  }
}

run "rejects_retention_that_cloudwatch_lacks" {
  command = plan

  variables {
    common = merge(var.common, { log_retention_in_days = 100 })
  }

  expect_failures = [var.common]
}

run "rejects_too_little_memory" {
  command = plan

  variables {
    limits = merge(var.limits, { memory_size = 64 })
  }

  expect_failures = [var.limits]
}

run "rejects_name_beyond_64_letters" {
  command = plan

  variables {
    name = "a1234567890123456789012345678901234567890123456789012345678901234"
  }

  expect_failures = [var.name]
}

run "rejects_negative_concurrency" {
  command = plan

  variables {
    limits = merge(var.limits, { reserved_concurrency = -1 })
  }

  expect_failures = [var.limits]
}

run "rejects_timeout_beyond_lambda" {
  command = plan

  variables {
    limits = merge(var.limits, { timeout = 901 })
  }

  expect_failures = [var.limits]
}

run "rejects_role_beyond_64_letters" {
  command = plan

  variables {
    common = merge(var.common, { role_suffix = "-ap-southeast-2" })
    name   = "a1234567890123456789012345678901234567890123456789"
  }

  expect_failures = [var.name]
}
