# To be attached to roles of the account: nobody is let in by their existence.
resource "aws_iam_policy" "producer" {
  name        = "${var.name}-producer"
  description = "Delivers files to ${var.bronze_bucket}"
  policy      = data.aws_iam_policy_document.producer.json
  tags        = var.tags
}

resource "aws_iam_policy" "reader" {
  name        = "${var.name}-reader"
  description = "Queries the tables of ${var.glue_database}"
  policy      = data.aws_iam_policy_document.reader.json
  tags        = var.tags
}

locals {
  arn      = { for layer, bucket in { bronze = var.bronze_bucket, gold = var.gold_bucket, logs = var.logs_bucket } : layer => "arn:${var.scope.partition}:s3:::${bucket}" }
  glue_arn = "arn:${var.scope.partition}:glue:${var.scope.region}:${var.scope.account_id}"
  via_s3   = "s3.${var.scope.region}.${var.scope.dns_suffix}"
}

data "aws_iam_policy_document" "producer" {
  statement {
    sid       = "Deliver"
    actions   = ["s3:AbortMultipartUpload", "s3:PutObject"]
    resources = ["${local.arn.bronze}/*"]
  }

  # Parts of a large upload are encrypted together, which takes Decrypt.
  statement {
    sid       = "EncryptDeliveries"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.keys.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.via_s3]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [local.arn.bronze, "${local.arn.bronze}/*"]
    }
  }
}

data "aws_iam_policy_document" "reader" {
  statement {
    sid       = "ReadGold"
    actions   = ["s3:GetObject"]
    resources = [for table in var.glue_tables : "${local.arn.gold}/${table}/*"]
  }

  statement {
    sid       = "ListGold"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [local.arn.gold]
  }

  statement {
    sid       = "FindTables"
    actions   = ["glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"]
    resources = concat(["${local.glue_arn}:catalog", "${local.glue_arn}:database/${var.glue_database}"], [for table in var.glue_tables : "${local.glue_arn}:table/${var.glue_database}/${table}"])
  }

  statement {
    sid       = "Decrypt"
    actions   = ["kms:Decrypt"]
    resources = setunion([var.keys.kms_key_arn], var.keys.earlier_key_arns)

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.via_s3]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [local.arn.gold, "${local.arn.gold}/*", "${local.arn.logs}/athena/*"]
    }
  }

  dynamic "statement" {
    for_each = var.keys.catalog_key_arn == null ? [] : ["on"]

    content {
      sid       = "ReadCatalogKey"
      actions   = ["kms:Decrypt"]
      resources = [var.keys.catalog_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["glue.${var.scope.region}.${var.scope.dns_suffix}"]
      }
    }
  }

  # The workgroup says where results go; the audit trail beside them stays closed.
  dynamic "statement" {
    for_each = var.workgroup == null ? [] : ["on"]

    content {
      sid = "Query"
      actions = [
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetWorkGroup",
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ]
      resources = ["arn:${var.scope.partition}:athena:${var.scope.region}:${var.scope.account_id}:workgroup/${var.workgroup}"]
    }
  }

  dynamic "statement" {
    for_each = var.workgroup == null ? [] : ["on"]

    content {
      sid       = "KeepResults"
      actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      resources = ["${local.arn.logs}/athena/*"]
    }
  }

  dynamic "statement" {
    for_each = var.workgroup == null ? [] : ["on"]

    content {
      sid       = "FindResults"
      actions   = ["s3:GetBucketLocation"]
      resources = [local.arn.logs]
    }
  }

  dynamic "statement" {
    for_each = var.workgroup == null ? [] : ["on"]

    content {
      sid       = "EncryptResults"
      actions   = ["kms:GenerateDataKey"]
      resources = [var.keys.kms_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.via_s3]
      }

      condition {
        test     = "StringLike"
        variable = "kms:EncryptionContext:aws:s3:arn"
        values   = ["${local.arn.logs}/athena/*"]
      }
    }
  }
}
