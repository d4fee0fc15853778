# What more than one function does.
data "aws_iam_policy_document" "shared" {
  # The runs tell whether a start whose answer was lost has come through, and how one ended.
  dynamic "statement" {
    for_each = var.engines == null ? [] : [var.engines.job]

    content {
      sid       = "StartAndFollowJob"
      actions   = ["glue:GetJobRuns", "glue:StartJobRun"]
      resources = ["${local.glue_arn}:job/${statement.value}"]
    }
  }

  dynamic "statement" {
    for_each = try(var.engines.function, null) == null ? [] : [var.engines.function]

    content {
      sid       = "StartEngine"
      actions   = ["lambda:InvokeFunction"]
      resources = ["arn:${local.scope.partition}:lambda:${local.place}:function:${statement.value}"]
    }
  }

  dynamic "statement" {
    for_each = var.tables == null ? [] : [var.tables]

    content {
      sid = "FlipPartition"
      actions = [
        "glue:BatchUpdatePartition",
        "glue:CreatePartition",
        "glue:DeletePartition",
        "glue:GetPartition",
        "glue:GetTable",
      ]
      resources = concat(
        ["${local.glue_arn}:catalog", "${local.glue_arn}:database/${statement.value.database}"],
        [for table in statement.value.names : "${local.glue_arn}:table/${statement.value.database}/${table}"],
      )
    }
  }

  # Lambda calls it with the role of what failed.
  dynamic "statement" {
    for_each = local.failure_arn == null ? [] : [local.failure_arn]

    content {
      sid       = "TellFailures"
      actions   = ["lambda:InvokeFunction"]
      resources = [statement.value]
    }
  }
}

locals {
  glue_arn = "arn:${local.scope.partition}:glue:${local.place}"
}
