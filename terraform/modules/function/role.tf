locals {
  # ARNs of this account and region begin with arn:<partition>:<service>:<place>.
  scope         = var.common.scope
  place         = "${local.scope.region}:${local.scope.account_id}"
  bucket_arns   = [for layer in var.encrypted : "arn:${local.scope.partition}:s3:::${var.buckets[layer]}"]
  log_group_arn = "arn:${local.scope.partition}:logs:${local.place}:log-group:/aws/lambda/${var.name}"
  failure_arn   = var.failure_function == null ? null : "arn:${local.scope.partition}:lambda:${local.place}:function:${var.failure_function}"

  # Built here, not read from the queue: it is there at once, but the provider watches it for 25 s.
  queue_name = "${var.name}-dead-letters"
  queue_arn  = "arn:${local.scope.partition}:sqs:${local.place}:${local.queue_name}"
}

resource "aws_iam_role" "this" {
  name                 = "${var.name}${var.common.role_suffix}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  description          = "What ${var.name} may do"
  permissions_boundary = var.common.permissions_boundary
  tags                 = var.common.tags
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
      values   = [local.scope.account_id]
    }
  }
}

data "aws_iam_policy_document" "role" {
  source_policy_documents = [var.policy, data.aws_iam_policy_document.shared.json, data.aws_iam_policy_document.options.json]

  # Bucket keys make the bucket the encryption context; an object that was put without one is its own.
  statement {
    sid       = "UseKeyThroughBuckets"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.keys.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${local.scope.region}.${local.scope.dns_suffix}"]
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
    resources = [var.keys.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sqs.${local.scope.region}.${local.scope.dns_suffix}"]
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
