output "producer_policy_arn" {
  description = "ARN of the policy of those who deliver."
  value       = aws_iam_policy.producer.arn
}

output "reader_policy_arn" {
  description = "ARN of the policy of those who query."
  value       = aws_iam_policy.reader.arn
}
