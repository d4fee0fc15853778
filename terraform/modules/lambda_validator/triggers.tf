locals {
  by_rule   = var.bronze_events == "eventbridge"
  rule_name = "${var.name}-uploads"
  rule_arns = local.by_rule ? {
    uploads = "arn:${var.common.scope.partition}:events:${var.common.scope.region}:${var.common.scope.account_id}:rule/${local.rule_name}"
  } : {}
}

resource "aws_lambda_permission" "bronze" {
  statement_id   = "InvokedByBronze"
  action         = "lambda:InvokeFunction"
  function_name  = module.function.name
  principal      = local.by_rule ? "events.amazonaws.com" : "s3.amazonaws.com"
  source_account = local.by_rule ? null : var.common.scope.account_id
  source_arn     = local.by_rule ? local.rule_arns.uploads : "arn:${var.common.scope.partition}:s3:::${var.buckets.bronze}"
}

# A bucket has one notification configuration, and this is all of it. Every created object, whatever its
# name: a wrong name gets a verdict, not silence.
resource "aws_s3_bucket_notification" "bronze" {
  count = !local.by_rule || var.own_bucket ? 1 : 0

  bucket      = var.buckets.bronze
  eventbridge = local.by_rule

  dynamic "lambda_function" {
    for_each = local.by_rule ? [] : ["on"]

    content {
      id                  = "validate"
      events              = ["s3:ObjectCreated:*"]
      lambda_function_arn = module.function.arn
    }
  }

  depends_on = [aws_lambda_permission.bronze]
}

resource "aws_cloudwatch_event_rule" "uploads" {
  count = local.by_rule ? 1 : 0

  name        = local.rule_name
  description = "Has the validator look at each uploaded file"
  tags        = var.common.tags

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail      = { bucket = { name = [var.buckets.bronze] } }
  })
}

resource "aws_cloudwatch_event_target" "uploads" {
  count = local.by_rule ? 1 : 0

  rule      = aws_cloudwatch_event_rule.uploads[0].name
  arn       = module.function.arn
  target_id = "validator"

  dead_letter_config {
    arn = module.function.dead_letter_queue_arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 21600
    maximum_retry_attempts       = 185
  }

  depends_on = [aws_lambda_permission.bronze]
}
