locals {
  bucket_arn = { for layer, bucket in var.buckets : layer => "arn:${var.common.scope.partition}:s3:::${bucket}" }
}

data "aws_iam_policy_document" "validator" {
  # Every read and copy is pinned to the version of the event, but the look for a manifest that stands there.
  statement {
    sid       = "ReadBronze"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${local.bucket_arn.bronze}/*"]
  }

  # Without it S3 answers 403, not 404, for what is not there: a vanished file would look like trouble.
  statement {
    sid       = "TellMissingFromForbidden"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn.bronze, local.bucket_arn.control]
  }

  # What has to be converted goes up in parts; of two names of a file, one is taken out again.
  statement {
    sid       = "WriteSilver"
    actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
    resources = [for dataset in var.datasets : "${local.bucket_arn.silver}/${dataset}/*"]
  }

  statement {
    sid       = "WriteRejections"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arn.quarantine}/files/*"]
  }

  statement {
    sid       = "KeepLedger"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${local.bucket_arn.control}/batches/*"]
  }
}
