resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_116:The queue takes what failed as a destination, with the reason; as dead letter queue only where a function is told, too
  #checkov:skip=CKV_AWS_117:It calls public AWS APIs alone; a network is for accounts that ask for one (var.common.network)
  #checkov:skip=CKV_AWS_272:Signing needs a profile per account; the package is reproducible and deployed by its hash instead

  function_name = var.name
  description   = var.description

  filename         = var.package_bucket == null ? var.package : null
  s3_bucket        = one(aws_s3_object.package[*].bucket)
  s3_key           = one(aws_s3_object.package[*].key)
  source_code_hash = filebase64sha256(var.package)
  handler          = var.handler
  runtime          = "python3.13"
  architectures    = ["x86_64"]

  kms_key_arn                    = var.keys.kms_key_arn
  memory_size                    = var.limits.memory_size
  reserved_concurrent_executions = var.limits.reserved_concurrency
  role                           = aws_iam_role.this.arn
  tags                           = var.common.tags
  timeout                        = var.limits.timeout

  environment {
    variables = local.environment
  }

  ephemeral_storage {
    size = var.limits.ephemeral_storage
  }

  logging_config {
    application_log_level = "INFO"
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this.name
    system_log_level      = "WARN"
  }

  tracing_config {
    mode = "Active"
  }

  dynamic "dead_letter_config" {
    for_each = local.failure_arn == null ? [] : [local.made_queue_arn]

    content {
      target_arn = dead_letter_config.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.common.network == null ? [] : [var.common.network]

    content {
      security_group_ids = vpc_config.value.security_group_ids
      subnet_ids         = vpc_config.value.subnet_ids
    }
  }

  # The service tries the role on the queue when it is made.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_event_age_in_seconds = var.limits.event_age_in_seconds
  maximum_retry_attempts       = var.limits.retry_attempts

  # Is told the event itself and why it failed.
  destination_config {
    on_failure {
      destination = coalesce(local.failure_arn, local.made_queue_arn)
    }
  }
}

resource "aws_lambda_function_recursion_config" "this" {
  function_name  = aws_lambda_function.this.function_name
  recursive_loop = "Terminate"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  kms_key_id        = var.keys.kms_key_arn
  retention_in_days = var.common.log_retention_in_days
  tags              = var.common.tags
}

resource "aws_s3_object" "package" {
  count = var.package_bucket == null ? 0 : 1

  bucket      = var.package_bucket
  key         = "artifacts/${substr(filesha256(var.package), 0, 12)}/${basename(var.package)}"
  source      = var.package
  source_hash = filesha256(var.package)

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  environment = merge(
    { for layer, bucket in var.buckets : "${upper(layer)}_BUCKET" => bucket },
    { METRIC_NAMESPACE = var.common.metric_namespace },
    var.engines == null ? {} : { GLUE_JOB = var.engines.job },
    try(var.engines.function, null) == null ? {} : { DUCKDB_FUNCTION = var.engines.function },
    var.tables == null ? {} : { GLUE_DATABASE = var.tables.database },
    var.common.sdk_environment,
  )
}
