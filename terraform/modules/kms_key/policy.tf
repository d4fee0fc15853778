# In a key policy the resource "*" is this key.
data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:A key policy's resource "*" is the key itself
  #checkov:skip=CKV_AWS_111:A key policy's resource "*" is the key itself
  #checkov:skip=CKV_AWS_356:A key policy's resource "*" is the key itself

  # Without it nobody could ever change the key again; role policies then say who may use it.
  statement {
    sid       = "AdministeredByAccount"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${var.scope.partition}:iam::${var.scope.account_id}:root"]
    }
  }

  statement {
    sid = "UsedByLogGroups"
    actions = [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.scope.region}.${var.scope.dns_suffix}"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${var.scope.partition}:logs:${var.scope.region}:${var.scope.account_id}:log-group:*"]
    }
  }

  # Alarms publish to the encrypted topic, rules send what they cannot deliver to the encrypted queue.
  statement {
    sid       = "UsedByAlarmsAndRules"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.scope.account_id]
    }
  }

  # Without it the delivery of another account could not be encrypted.
  dynamic "statement" {
    for_each = length(var.producers) == 0 ? [] : ["on"]

    content {
      sid       = "UsedByProducers"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = var.producers
      }

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${var.scope.region}.${var.scope.dns_suffix}"]
      }
    }
  }
}
