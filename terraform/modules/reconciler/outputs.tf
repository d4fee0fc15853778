output "dead_letter_queue" {
  description = "Name of the queue of events that could not be handled."
  value       = module.function.dead_letter_queue
}

output "function" {
  description = "Name of the function."
  value       = module.function.name
}
