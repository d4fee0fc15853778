output "dead_letter_queue" {
  description = "Name of the queue of notifications that could not be handled."
  value       = module.function.dead_letter_queue
}

output "dead_letter_queue_url" {
  description = "URL of the queue of notifications that could not be handled."
  value       = module.function.dead_letter_queue_url
}

# Whoever uploads after this finds the notification in place.
output "function" {
  description = "Name of the function."
  value       = module.function.name

  depends_on = [aws_s3_bucket_notification.bronze, aws_cloudwatch_event_target.uploads]
}

output "log_group" {
  description = "Name of the function's log group."
  value       = module.function.log_group
}
