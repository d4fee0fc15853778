locals {
  bucket_arns   = [for bucket in var.buckets : "arn:${var.scope.partition}:s3:::${bucket}"]
  log_group_arn = "arn:${var.scope.partition}:logs:${var.scope.region}:${var.scope.account_id}:log-group:/aws/lambda/${var.name}"

  # Built here, not read from the queue: it is there at once, but the provider watches it for 25 s.
  queue_name = "${var.name}-dead-letters"
  queue_arn  = "arn:${var.scope.partition}:sqs:${var.scope.region}:${var.scope.account_id}:${local.queue_name}"
}

resource "aws_iam_role" "this" {
  name                 = coalesce(var.role_name, var.name)
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  description          = "What ${var.name} may do"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "this" {
  name   = "all"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.role.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "AssumedByLambda"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.scope.account_id]
    }
  }
}

data "aws_iam_policy_document" "role" {
  source_policy_documents = [var.policy, data.aws_iam_policy_document.options.json]

  # Bucket keys make the bucket the encryption context; an object that was put without one is its own.
  statement {
    sid       = "UseKeyThroughBuckets"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${var.scope.region}.${var.scope.dns_suffix}"]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = flatten([for arn in local.bucket_arns : [arn, "${arn}/*"]])
    }
  }

  statement {
    sid       = "WriteOwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.log_group_arn}:*"]
  }

  statement {
    sid       = "SendDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arn]
  }

  statement {
    sid       = "EncryptDeadLetters"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sqs.${var.scope.region}.${var.scope.dns_suffix}"]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:aws:sqs:arn"
      values   = [local.queue_arn]
    }
  }

  # X-Ray knows no resources.
  statement {
    sid       = "WriteTraces"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}
