resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_116:A destination takes what failed, with the reason; a dead letter queue beside it would hold each event twice
  #checkov:skip=CKV_AWS_117:It calls public AWS APIs alone; a network is for accounts that ask for one (var.network)
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

  kms_key_arn                    = var.kms_key_arn
  memory_size                    = var.memory_size
  reserved_concurrent_executions = var.reserved_concurrency
  role                           = aws_iam_role.this.arn
  tags                           = var.tags
  timeout                        = var.timeout

  environment {
    variables = var.environment
  }

  ephemeral_storage {
    size = var.ephemeral_storage
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

  dynamic "vpc_config" {
    for_each = var.network == null ? [] : [var.network]

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
  maximum_event_age_in_seconds = var.event_age_in_seconds
  maximum_retry_attempts       = var.retry_attempts

  # Holds the event itself and why it failed.
  destination_config {
    on_failure {
      destination = local.queue_arn
    }
  }
}

resource "aws_lambda_function_recursion_config" "this" {
  function_name  = aws_lambda_function.this.function_name
  recursive_loop = "Terminate"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  kms_key_id        = var.kms_key_arn
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
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
