locals {
  # A rule of its own for failures: how often it fires is what an alarm reads.
  ends = {
    job-failed    = ["ERROR", "FAILED", "STOPPED", "TIMEOUT"]
    job-succeeded = ["SUCCEEDED"]
  }
  rule_names = { for rule in ["schedule", "job-failed", "job-succeeded"] : rule => "${var.name}-${rule}" }
  rule_arns = {
    for rule, name in local.rule_names :
    rule => "arn:${var.common.scope.partition}:events:${var.common.scope.region}:${var.common.scope.account_id}:rule/${name}"
  }
}

resource "aws_cloudwatch_event_rule" "schedule" {
  name                = local.rule_names.schedule
  description         = "Repairs what events have missed"
  schedule_expression = var.every_minutes == 1 ? "rate(1 minute)" : "rate(${var.every_minutes} minutes)"
  tags                = var.common.tags
}

resource "aws_cloudwatch_event_rule" "job_end" {
  for_each = local.ends

  name        = local.rule_names[each.key]
  description = "Repairs at once what a run left undone"
  tags        = var.common.tags

  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail = {
      jobName = [var.engines.job]
      state   = each.value
    }
  })
}

resource "aws_cloudwatch_event_target" "reconciler" {
  for_each = merge(aws_cloudwatch_event_rule.job_end, { schedule = aws_cloudwatch_event_rule.schedule })

  rule      = each.value.name
  arn       = module.function.arn
  target_id = "reconciler"

  dead_letter_config {
    arn = module.function.dead_letter_queue_arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }

  depends_on = [aws_lambda_permission.rule]
}

resource "aws_lambda_permission" "rule" {
  for_each = local.rule_arns

  statement_id  = "InvokedBy-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = module.function.name
  principal     = "events.amazonaws.com"
  source_arn    = each.value
}
