output "arn" {
  description = "ARN of the bucket."
  value       = local.arn
}

# Whoever writes by this name waits until the bucket is hardened.
output "name" {
  description = "Name of the bucket."
  value       = var.name

  depends_on = [
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_policy.this,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}

output "policy" {
  description = "JSON of the bucket's policy."
  value       = data.aws_iam_policy_document.bucket.json
}
