output "dead_letter_queue" {
  description = "Name of the queue of runs that ended without a word."
  value       = module.function.dead_letter_queue
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
