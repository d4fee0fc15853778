resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_117:It calls public AWS APIs alone; a network of its own adds cost and ways to fail, not protection
  #checkov:skip=CKV_AWS_272:Signing needs a profile per account; the package is reproducible and deployed by its hash instead

  function_name = var.name
  description   = var.description

  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  handler          = var.handler
  runtime          = "python3.13"
  architectures    = ["x86_64"]

  kms_key_arn                    = var.kms_key_arn
  memory_size                    = var.memory_size
  reserved_concurrent_executions = var.reserved_concurrency
  role                           = aws_iam_role.this.arn
  timeout                        = var.timeout

  dead_letter_config {
    target_arn = local.queue_arn
  }

  environment {
    variables = var.environment
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

  # The service tries the role on the queue when it is made.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_event_age_in_seconds = 21600
  maximum_retry_attempts       = 2

  # Says why an event failed; the dead letter holds the event itself.
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
}
