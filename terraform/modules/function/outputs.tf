output "arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn
}

output "dead_letter_queue" {
  description = "Name of the queue of failed events."
  value       = local.queue_name
}

output "dead_letter_queue_arn" {
  description = "ARN of the queue of failed events."
  value       = local.queue_arn
}

output "dead_letter_queue_url" {
  description = "URL of the queue of failed events."
  value       = aws_sqs_queue.dead_letters.url
}

output "limits" {
  description = "What the function has: room in MiB, retries, seconds."
  value = {
    ephemeral_storage = aws_lambda_function.this.ephemeral_storage[0].size
    retry_attempts    = aws_lambda_function_event_invoke_config.this.maximum_retry_attempts
    timeout           = aws_lambda_function.this.timeout
  }
}

output "log_group" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "policy" {
  description = "JSON of the role's whole policy."
  value       = data.aws_iam_policy_document.role.json
}

output "role_arn" {
  description = "ARN of the role."
  value       = aws_iam_role.this.arn
}
