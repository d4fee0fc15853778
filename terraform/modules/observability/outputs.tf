output "alarms" {
  description = "Names of every alarm."
  value       = values(aws_cloudwatch_metric_alarm.this)[*].alarm_name
}

output "topic_arn" {
  description = "Topic that every alarm is published to."
  value       = aws_sns_topic.alarms.arn
}
