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
}

data "aws_iam_policy_document" "engine" {
  statement {
    sid       = "ReadSilver"
    actions   = ["s3:GetObject"]
    resources = [for dataset in var.datasets : "${local.bucket_arn.silver}/${dataset}/*"]
  }

  # Large files go up in parts; what failed half-way is ended.
  statement {
    sid     = "WriteRuns"
    actions = ["s3:AbortMultipartUpload", "s3:PutObject"]
    resources = concat(
      [for table in var.glue_tables : "${local.bucket_arn.gold}/${table}/*"],
      [for dataset in var.datasets : "${local.bucket_arn.quarantine}/rows/${dataset}/*"],
    )
  }

  statement {
    sid       = "KeepLedger"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${local.bucket_arn.control}/batches/*"]
  }

  # Without it S3 answers 403, not 404, for what is not there.
  statement {
    sid       = "TellMissingFromForbidden"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn.control, local.bucket_arn.silver]
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
}
