locals {
  # Two looks of the reconciler are in each period: one that comes late makes no alarm flap.
  look_period    = max(300, var.reconcile_every_minutes * 120)
  silence_period = max(1800, var.reconcile_every_minutes * 360)

  # What people ask first: is a batch late, and is anything stuck.
  batch_alarms = {
    batch-overdue = {
      metric      = "BatchesOverdue"
      statistic   = "Maximum"
      threshold   = 1
      description = "A batch is past its deadline of ${var.deadline_in_minutes} min and still incomplete; the reconciler's log names what is missing."
    }
    batch-incomplete = {
      metric      = "OldestIncompleteBatchSeconds"
      statistic   = "Maximum"
      threshold   = var.deadline_in_minutes * 120
      description = "A batch waits for its files for twice its deadline."
    }
    batch-unpublished = {
      metric      = "OldestUnpublishedBatchSeconds"
      statistic   = "Maximum"
      threshold   = var.publish_in_minutes * 60
      description = "A complete batch is not published after ${var.publish_in_minutes} min."
    }
    runs-exhausted = {
      metric      = "RunsExhausted"
      statistic   = "Maximum"
      threshold   = 1
      description = "No attempt at a batch is left: all have failed, or one has refused the data; it needs a person."
    }
  }

  function_alarms = {
    errors = {
      metric      = "Errors"
      statistic   = "Sum"
      threshold   = 1
      description = "has failed on an event; docs/runbook.md says what comes next."
    }
    throttles = {
      metric      = "Throttles"
      statistic   = "Sum"
      threshold   = 1
      evaluations = 3 # a burst in a new account, which has a concurrency of 10, just waits a little
      description = "gets less concurrency than it needs for 15 min; events wait for up to 6 h."
    }
    event-age = {
      metric      = "AsyncEventAge"
      statistic   = "Maximum"
      threshold   = 900000
      description = "works on events that are older than 15 min."
    }
    events-dropped = {
      metric      = "AsyncEventsDropped"
      statistic   = "Sum"
      threshold   = 1
      description = "has given up an event; it lies among the dead letters."
    }
    destination-errors = {
      metric      = "DestinationDeliveryFailures"
      statistic   = "Sum"
      threshold   = 1
      description = "could not store a dead letter; the reconciler finds the file by itself."
    }
  }
}

locals {
  usual = {
    comparison  = "GreaterThanOrEqualToThreshold"
    evaluations = 1
    missing     = "notBreaching"
    period      = 300
  }

  alarms = merge(
    {
      for key, alarm in local.batch_alarms :
      key => merge(local.usual, alarm, { namespace = var.metric_namespace, dimensions = {}, period = local.look_period })
    },
    merge([
      for role, function in var.functions : {
        for key, alarm in local.function_alarms :
        "${role}-${key}" => merge(local.usual, alarm, {
          namespace   = "AWS/Lambda"
          dimensions  = { FunctionName = function }
          description = "The ${role} ${alarm.description}"
        })
      }
    ]...),
    {
      for role, queue in var.dead_letter_queues :
      "${role}-dead-letters" => merge(local.usual, {
        namespace   = "AWS/SQS"
        metric      = "ApproximateNumberOfMessagesVisible"
        dimensions  = { QueueName = queue }
        statistic   = "Maximum"
        threshold   = 1
        description = "Events that the ${role} could not handle wait to be redriven."
      })
    },
    {
      run-failed = merge(local.usual, {
        namespace   = "AWS/Events"
        metric      = "TriggeredRules"
        dimensions  = { RuleName = var.failure_rule }
        statistic   = "Sum"
        threshold   = 1
        description = "A run of the Glue job has failed; the reconciler starts the next attempt, unless the data were refused."
      })
      reconciler-silent = merge(local.usual, {
        namespace   = "AWS/Lambda"
        metric      = "Invocations"
        dimensions  = { FunctionName = var.functions.reconciler }
        statistic   = "Sum"
        threshold   = 1
        comparison  = "LessThanThreshold"
        missing     = "breaching"
        period      = local.silence_period
        description = "The reconciler has not run for ${local.silence_period / 60} min: nothing repairs or watches batches."
      })
    },
  )
}
