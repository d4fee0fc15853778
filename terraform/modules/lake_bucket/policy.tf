resource "aws_s3_bucket_policy" "this" {
  count = var.create ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  policy = data.aws_iam_policy_document.bucket.json

  depends_on = [aws_s3_bucket_public_access_block.this]
}

locals {
  arn = "arn:${var.scope.partition}:s3:::${var.name}"
  sse = "s3:x-amz-server-side-encryption"

  # Puts that are refused: all conditions of one have to hold.
  with_key = var.kms_key_arn == null ? {} : {
    # A put that names no key gets the bucket's; one that names another is refused.
    DenyOtherKey = [
      { test = "Null", variable = "${local.sse}-aws-kms-key-id", values = ["false"] },
      { test = "StringNotEquals", variable = "${local.sse}-aws-kms-key-id", values = [var.kms_key_arn] },
    ]
    DenyOtherEncryption = [
      { test = "Null", variable = local.sse, values = ["false"] },
      { test = "StringNotEquals", variable = local.sse, values = ["aws:kms"] },
    ]
    # "aws:kms" that names no key is not the bucket's key but AWS's own.
    DenyKmsWithoutKey = [
      { test = "StringEquals", variable = local.sse, values = ["aws:kms"] },
      { test = "Null", variable = "${local.sse}-aws-kms-key-id", values = ["true"] },
    ]
  }
  denied_puts = merge(local.with_key, {
    DenyCustomerKeys = [{ test = "Null", variable = "${local.sse}-customer-algorithm", values = ["false"] }]
  })
}

data "aws_iam_policy_document" "bucket" {
  dynamic "statement" {
    for_each = var.require_tls ? ["on"] : []

    content {
      sid       = "DenyPlainHttp"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = [local.arn, "${local.arn}/*"]

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
    for_each = local.denied_puts

    content {
      sid       = statement.key
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = ["${local.arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      dynamic "condition" {
        for_each = statement.value

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }

  # Exactly-once rests on these two: a deleted claim could be won again, an unconditional put overwrites one.
  dynamic "statement" {
    for_each = var.ledger_prefix == null ? [] : [var.ledger_prefix]

    content {
      sid       = "DenyDeletesInLedger"
      effect    = "Deny"
      actions   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
      resources = ["${local.arn}/${statement.value}*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.ledger_prefix == null ? [] : [var.ledger_prefix]

    content {
      sid       = "DenyUnconditionalPutsInLedger"
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = ["${local.arn}/${statement.value}*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Null"
        variable = "s3:if-match"
        values   = ["true"]
      }

      condition {
        test     = "Null"
        variable = "s3:if-none-match"
        values   = ["true"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.access_log_target ? ["on"] : []

    content {
      sid       = "AllowAccessLogs"
      actions   = ["s3:PutObject"]
      resources = ["${local.arn}/access/*"]

      principals {
        type        = "Service"
        identifiers = ["logging.s3.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [var.scope.account_id]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.producers) == 0 ? [] : ["on"]

    content {
      sid       = "AllowProducers"
      actions   = ["s3:AbortMultipartUpload", "s3:PutObject"]
      resources = ["${local.arn}/*"]

      principals {
        type        = "AWS"
        identifiers = var.producers
      }
    }
  }
}
