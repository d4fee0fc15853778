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
