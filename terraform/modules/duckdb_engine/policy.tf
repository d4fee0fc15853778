locals {
  bucket_arn = { for layer, bucket in var.buckets : layer => "arn:${var.common.scope.partition}:s3:::${bucket}" }
}

data "aws_iam_policy_document" "engine" {
  statement {
    sid       = "ReadSilver"
    actions   = ["s3:GetObject"]
    resources = [for dataset in var.datasets : "${local.bucket_arn.silver}/${dataset}/*"]
  }

  statement {
    sid     = "WriteRuns"
    actions = ["s3:PutObject"]
    resources = concat(
      [for table in var.tables.names : "${local.bucket_arn.gold}/${table}/*"],
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
}
