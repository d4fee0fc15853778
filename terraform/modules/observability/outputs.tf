output "topic_arn" {
  description = "Topic that every alarm is published to."
  value       = aws_sns_topic.alarms.arn
}
