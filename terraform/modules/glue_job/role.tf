resource "aws_iam_role" "this" {
  name                 = coalesce(var.role_name, var.name)
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  description          = "What runs of ${var.name} may do"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "this" {
  name   = "all"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.role.json
}

locals {
  bucket_arn = {
    for layer, bucket in {
      control    = var.control_bucket
      gold       = var.gold_bucket
      quarantine = var.quarantine_bucket
      silver     = var.silver_bucket
    } : layer => "arn:${var.scope.partition}:s3:::${bucket}"
  }
  glue_arn = "arn:${var.scope.partition}:glue:${var.scope.region}:${var.scope.account_id}"
  logs_arn = "arn:${var.scope.partition}:logs:${var.scope.region}:${var.scope.account_id}"
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "AssumedByGlue"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.scope.account_id]
    }
  }
}

data "aws_iam_policy_document" "role" {
  source_policy_documents = [data.aws_iam_policy_document.options.json]

  statement {
    sid       = "ReadArtifacts"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn.control}/artifacts/*"]
  }

  statement {
    sid       = "ReadSilver"
    actions   = ["s3:GetObject"]
    resources = [for dataset in var.datasets : "${local.bucket_arn.silver}/${dataset}/*"]
  }

  # S3A looks at folders, and without it S3 answers 403, not 404, for what is not there.
  statement {
    sid       = "ListBuckets"
    actions   = ["s3:ListBucket"]
    resources = values(local.bucket_arn)
  }

  # The committer writes, renames and cleans below the prefix of its own run.
  statement {
    sid     = "WriteRuns"
    actions = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = concat(
      [for table in var.glue_tables : "${local.bucket_arn.gold}/${table}/*"],
      [for dataset in var.datasets : "${local.bucket_arn.quarantine}/rows/${dataset}/*"],
    )
  }

  # Before it makes a folder, S3A asks for each of its parents as if it were an object.
  statement {
    sid     = "ProbeParents"
    actions = ["s3:GetObject"]
    resources = concat(
      [for table in var.glue_tables : "${local.bucket_arn.gold}/${table}"],
      ["${local.bucket_arn.quarantine}/rows"],
      [for dataset in var.datasets : "${local.bucket_arn.quarantine}/rows/${dataset}"],
    )
  }

  statement {
    sid       = "KeepLedger"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${local.bucket_arn.control}/batches/*"]
  }

  # Bucket keys make the bucket the encryption context; an object that was put without one is its own.
  statement {
    sid       = "UseKeyThroughBuckets"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.keys.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${var.scope.region}.${var.scope.dns_suffix}"]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = flatten([for arn in values(local.bucket_arn) : [arn, "${arn}/*"]])
    }
  }

  statement {
    sid = "FlipPartition"
    actions = [
      "glue:BatchUpdatePartition",
      "glue:CreatePartition",
      "glue:DeletePartition",
      "glue:GetPartition",
      "glue:GetTable",
    ]
    resources = concat(
      ["${local.glue_arn}:catalog", "${local.glue_arn}:database/${var.glue_database}"],
      [for table in var.glue_tables : "${local.glue_arn}:table/${var.glue_database}/${table}"],
    )
  }

  # Glue reads how its logs are to be encrypted, and sees to it that they are.
  statement {
    sid       = "ReadSecurityConfiguration"
    actions   = ["glue:GetSecurityConfiguration"]
    resources = ["*"] # the action knows no resources
  }

  statement {
    sid     = "WriteOwnLogs"
    actions = ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      "${local.logs_arn}:log-group:${local.log_group_prefix}/*",
    ]
  }
}
