output "arn" {
  description = "ARN of the key that everything new is encrypted with."
  value       = var.existing_arn == null ? one(aws_kms_key.this[*].arn) : var.existing_arn
}

output "kept_arns" {
  description = "ARN of the own key where another one is used now."
  value       = var.existing_arn == null ? [] : aws_kms_key.this[*].arn
}
