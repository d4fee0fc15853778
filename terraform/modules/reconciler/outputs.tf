output "dead_letter_queue" {
  description = "Name of the queue of events that could not be handled."
  value       = module.function.dead_letter_queue
}

output "failure_rule" {
  description = "Name of the rule that fires for each failed run."
  value       = aws_cloudwatch_event_rule.job_end["job-failed"].name
}

output "function" {
  description = "Name of the function."
  value       = module.function.name
}

output "log_group" {
  description = "Name of the function's log group."
  value       = module.function.log_group
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = module.function.role_arn
}
