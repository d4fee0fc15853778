resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = coalesce(var.dashboard_name, var.name)
  dashboard_body = jsonencode({ widgets = local.widgets })
}

locals {
  region = var.scope.region

  # Rows of three: late or not, what came in, what is in the way.
  charts = [
    {
      title   = "Oldest batch still waiting for files, and oldest complete one not published (s)"
      metrics = [[var.metric_namespace, "OldestIncompleteBatchSeconds"], [var.metric_namespace, "OldestUnpublishedBatchSeconds"]]
      stat    = "Maximum"
    },
    {
      title   = "Batches past their deadline, and batches whose attempts are used up"
      metrics = [[var.metric_namespace, "BatchesOverdue"], [var.metric_namespace, "RunsExhausted"]]
      stat    = "Maximum"
    },
    {
      title   = "Files accepted and rejected"
      metrics = [[var.metric_namespace, "FilesAccepted"], [var.metric_namespace, "FilesRejected"]]
      stat    = "Sum"
    },
    {
      title   = "Rejected files by reason"
      metrics = [[{ expression = "SEARCH('{${var.metric_namespace},code} MetricName=\"FilesRejected\"', 'Sum', 300)", id = "codes" }]]
      stat    = "Sum"
    },
    {
      title   = "Failed runs"
      metrics = [["AWS/Events", "TriggeredRules", "RuleName", var.failure_rule]]
      stat    = "Sum"
    },
    {
      title   = "Dead letters"
      metrics = [for queue in values(var.dead_letter_queues) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]]
      stat    = "Maximum"
    },
    {
      title = "Functions: errors and throttles"
      metrics = flatten([
        for function in values(var.functions) : [
          for metric in ["Errors", "Throttles"] : { entry = ["AWS/Lambda", metric, "FunctionName", function] }
        ]
      ])[*].entry
      stat = "Sum"
    },
    {
      title   = "Functions: age of events (ms)"
      metrics = [for function in values(var.functions) : ["AWS/Lambda", "AsyncEventAge", "FunctionName", function]]
      stat    = "Maximum"
    },
    {
      title   = "Functions: duration (ms)"
      metrics = [for function in values(var.functions) : ["AWS/Lambda", "Duration", "FunctionName", function]]
      stat    = "p99"
    },
  ]

  widgets = concat(
    [
      {
        type       = "alarm"
        x          = 0
        y          = 0
        width      = 24
        height     = 4
        properties = { title = "Is my data in?", alarms = values(aws_cloudwatch_metric_alarm.this)[*].arn }
      },
    ],
    [
      for index, chart in local.charts : {
        type   = "metric"
        x      = (index % 3) * 8
        y      = 4 + floor(index / 3) * 6
        width  = 8
        height = 6
        properties = {
          title   = chart.title
          metrics = chart.metrics
          stat    = chart.stat
          period  = 300
          region  = local.region
          view    = "timeSeries"
        }
      }
    ],
    [
      {
        type   = "log"
        x      = 0
        y      = 22
        width  = 24
        height = 8
        properties = {
          title  = "Last warnings"
          region = local.region
          view   = "table"
          query = join(" | ", concat(
            [for group in values(var.dashboard_log_groups) : "SOURCE '${group}'"],
            ["filter level in ['WARNING', 'ERROR']", "sort @timestamp desc", "limit 50"],
          ))
        }
      },
    ],
  )
}
