provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  dashboard_log_groups = { validator = "/aws/lambda/lake-validator" }
  dead_letter_queues   = { validator = "lake-validator-dead-letters" }
  deadline_in_minutes  = 60
  failure_rule         = "lake-job-failed"
  functions            = { reconciler = "lake-reconciler", validator = "lake-validator" }
  kms_key_arn          = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  metric_namespace     = "lake/test"
  name                 = "lake"
  scope = {
    account_id = "111122223333"
    partition  = "aws"
    region     = "eu-west-1"
  }
}

run "watches_batches_functions_queues_and_runs" {
  command = plan

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset(concat(
      ["batch-incomplete", "batch-overdue", "batch-unpublished", "reconciler-silent", "run-failed", "runs-exhausted", "validator-dead-letters"],
      [
        for pair in setproduct(
          ["reconciler", "validator"],
          ["destination-errors", "errors", "event-age", "events-dropped", "throttles"],
        ) : join("-", pair)
      ],
    ))
    error_message = "Every way to be late or to lose something has an alarm."
  }
}

run "tells_the_topic_of_every_alarm_and_its_end" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 17 && aws_sns_topic.alarms.kms_master_key_id == var.kms_key_arn
    error_message = "Alarms go to one encrypted topic."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : length(alarm.alarm_description) > 20])
    error_message = "Every alarm says what has happened."
  }
}

run "keeps_metrics_to_few_dimensions" {
  command = plan

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      length(setsubtract(keys(coalesce(alarm.dimensions, {})), ["FunctionName", "QueueName", "RuleName"])) == 0
    ])
    error_message = "No alarm depends on a batch or a key."
  }
}

run "alarms_after_the_deadline_of_the_contract" {
  command = plan

  variables {
    deadline_in_minutes = 10
  }

  assert {
    condition     = strcontains(aws_cloudwatch_metric_alarm.this["batch-overdue"].alarm_description, "10 min") && aws_cloudwatch_metric_alarm.this["batch-incomplete"].threshold == 1200
    error_message = "The deadline is that of the contract."
  }
}

run "reads_metrics_of_its_environment_alone" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["batch-overdue"].namespace == "lake/test" && strcontains(jsonencode(local.charts), "{lake/test,code}")
    error_message = "Another environment's metrics ring no alarm here and are in no chart."
  }
}

run "looks_as_often_as_the_reconciler_speaks" {
  command = plan

  variables {
    reconcile_every_minutes = 10
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["batch-overdue"].period == 1200 && aws_cloudwatch_metric_alarm.this["reconciler-silent"].period == 3600
    error_message = "There are two looks in a period, and silence is that of six."
  }
}

run "rings_for_throttles_only_when_they_last" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["validator-throttles"].evaluation_periods == 3 && aws_cloudwatch_metric_alarm.this["validator-errors"].evaluation_periods == 1
    error_message = "A burst in a new account, which has a concurrency of ten, rings nothing."
  }
}

run "tells_more_topics" {
  command = plan

  variables {
    topic_arns = ["arn:aws:sns:eu-west-1:111122223333:pager"]
  }

  assert {
    condition     = length(local.targets) == 2
    error_message = "Each alarm goes to the pager as well."
  }
}

run "rejects_namespace_of_amazon" {
  command = plan

  variables {
    metric_namespace = "AWS/Lake"
  }

  expect_failures = [var.metric_namespace]
}

run "is_published_to_by_own_alarms_only" {
  command = plan

  assert {
    condition = jsondecode(data.aws_iam_policy_document.alarms.json).Statement[0].Condition == {
      ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:lake-*" }
      StringEquals = { "aws:SourceAccount" = "111122223333" }
    }
    error_message = "The topic policy names account and alarms."
  }
}

run "rejects_no_deadline" {
  command = plan

  variables {
    deadline_in_minutes = 0
  }

  expect_failures = [var.deadline_in_minutes]
}

run "rejects_functions_without_reconciler" {
  command = plan

  variables {
    functions = { validator = "lake-validator" }
  }

  expect_failures = [var.functions]
}

run "rejects_address_without_domain" {
  command = plan

  variables {
    notification_emails = ["somebody"]
  }

  expect_failures = [var.notification_emails]
}

run "rejects_publication_at_once" {
  command = plan

  variables {
    publish_in_minutes = 0
  }

  expect_failures = [var.publish_in_minutes]
}
