output "log_group_prefix" {
  description = "Prefix of the log groups `error` and `output`."
  value       = local.log_group_prefix
}

# Whoever starts it finds a role that may run it.
output "name" {
  description = "Name of the job."
  value       = aws_glue_job.this.name

  depends_on = [aws_iam_role_policy.this, aws_cloudwatch_log_group.this]
}

output "release" {
  description = "Release of the artifacts: 12 digits of their hash."
  value       = local.release
}

output "role_arn" {
  description = "ARN of the role of runs."
  value       = aws_iam_role.this.arn
}
