locals {
  bucket_arn = { for layer, bucket in var.buckets : layer => "arn:${var.common.scope.partition}:s3:::${bucket}" }
}

data "aws_iam_policy_document" "reconciler" {
  # Every read and copy is pinned to a version, but the look for a manifest that stands there.
  statement {
    sid       = "ReadBronze"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${local.bucket_arn.bronze}/*"]
  }

  # Finds files whose notification was lost.
  statement {
    sid       = "ListVersions"
    actions   = ["s3:ListBucketVersions"]
    resources = [local.bucket_arn.bronze]
  }

  # Finds batches, rejection records and superseded runs. Without it S3 also answers 403, not 404, for
  # what is not there.
  statement {
    sid       = "ListLake"
    actions   = ["s3:ListBucket"]
    resources = [for layer in ["bronze", "control", "gold", "quarantine"] : local.bucket_arn[layer]]
  }

  statement {
    sid       = "WriteSilver"
    actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
    resources = [for dataset in var.datasets : "${local.bucket_arn.silver}/${dataset}/*"]
  }

  # Ends uploads of converted files that no call can finish any more.
  statement {
    sid       = "FindUnfinishedUploads"
    actions   = ["s3:ListBucketMultipartUploads"]
    resources = [local.bucket_arn.silver]
  }

  statement {
    sid       = "WriteRejections"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arn.quarantine}/files/*"]
  }

  statement {
    sid       = "KeepLedger"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [for prefix in ["batches", "reconciler"] : "${local.bucket_arn.control}/${prefix}/*"]
  }

  statement {
    sid       = "DropSupersededRuns"
    actions   = ["s3:DeleteObject"]
    resources = [for table in var.tables.names : "${local.bucket_arn.gold}/${table}/*"]
  }
}
