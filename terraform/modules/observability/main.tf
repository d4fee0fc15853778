resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
  tags              = var.tags
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.notification_emails

  endpoint  = each.value
  protocol  = "email"
  topic_arn = aws_sns_topic.alarms.arn
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_actions       = local.targets
  alarm_description   = each.value.description
  comparison_operator = each.value.comparison
  dimensions          = each.value.dimensions
  evaluation_periods  = each.value.evaluations
  metric_name         = each.value.metric
  namespace           = each.value.namespace
  ok_actions          = local.targets
  period              = each.value.period
  statistic           = each.value.statistic
  tags                = var.tags
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
}

locals {
  targets   = concat([aws_sns_topic.alarms.arn], tolist(var.topic_arns))
  topic_arn = "arn:${var.scope.partition}:sns:${var.scope.region}:${var.scope.account_id}:${var.name}-alarms"
}

data "aws_iam_policy_document" "alarms" {
  statement {
    sid       = "PublishedByAlarms"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.scope.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${var.scope.partition}:cloudwatch:${var.scope.region}:${var.scope.account_id}:alarm:${var.name}-*"]
    }
  }
}
