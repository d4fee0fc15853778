# Known before it is there, and waits for it all the same.
locals {
  made_queue_arn = "arn:${local.scope.partition}:sqs:${local.place}:${aws_sqs_queue.dead_letters.name}"
}

# Its policy stands inside: as a resource of its own the provider would poll it for another 25 s.
resource "aws_sqs_queue" "dead_letters" {
  name                              = local.queue_name
  kms_data_key_reuse_period_seconds = 300
  kms_master_key_id                 = var.common.queue_key
  message_retention_seconds         = 1209600
  tags                              = var.common.tags
  policy                            = var.common.require_tls || length(var.rule_arns) > 0 ? data.aws_iam_policy_document.queue.json : null
}

data "aws_iam_policy_document" "queue" {
  dynamic "statement" {
    for_each = var.common.require_tls ? ["on"] : []

    content {
      sid       = "DenyPlainHttp"
      effect    = "Deny"
      actions   = ["sqs:*"]
      resources = [local.queue_arn]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Bool"
        variable = "aws:SecureTransport"
        values   = ["false"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.rule_arns) > 0 ? ["on"] : []

    content {
      sid       = "AllowRules"
      actions   = ["sqs:SendMessage"]
      resources = [local.queue_arn]

      principals {
        type        = "Service"
        identifiers = ["events.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = var.rule_arns
      }
    }
  }
}
