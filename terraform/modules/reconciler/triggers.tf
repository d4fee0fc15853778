locals {
  rule_names = {
    job_ended = "${var.name}-job-ended"
    schedule  = "${var.name}-schedule"
  }
  rule_arns = {
    for rule, name in local.rule_names :
    rule => "arn:${var.scope.partition}:events:${var.scope.region}:${var.scope.account_id}:rule/${name}"
  }
  rules = {
    job_ended = aws_cloudwatch_event_rule.job_ended
    schedule  = aws_cloudwatch_event_rule.schedule
  }
}

resource "aws_cloudwatch_event_rule" "schedule" {
  name                = local.rule_names.schedule
  description         = "Repairs what events have missed"
  schedule_expression = var.schedule
}

resource "aws_cloudwatch_event_rule" "job_ended" {
  name        = local.rule_names.job_ended
  description = "Repairs at once what a run left undone"

  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail      = { jobName = [var.glue_job] }
  })
}

resource "aws_cloudwatch_event_target" "reconciler" {
  for_each = local.rules

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
