module "function" {
  source = "../function"

  buckets               = [var.bronze_bucket, var.control_bucket, var.quarantine_bucket, var.silver_bucket]
  description           = "Checks each uploaded file and promotes or quarantines it"
  environment           = merge(var.sdk_environment, local.environment)
  handler               = "lambda_validator.handler.handler"
  kms_key_arn           = var.kms_key_arn
  log_retention_in_days = var.log_retention_in_days
  memory_size           = var.memory_size
  name                  = var.name
  package               = var.package
  permissions_boundary  = var.permissions_boundary
  policy                = data.aws_iam_policy_document.validator.json
  queue_key             = var.queue_key
  require_tls           = var.require_tls
  reserved_concurrency  = var.reserved_concurrency
  scope                 = var.scope
  timeout               = var.timeout
}

locals {
  environment = {
    BRONZE_BUCKET     = var.bronze_bucket
    CONTROL_BUCKET    = var.control_bucket
    GLUE_JOB          = var.glue_job
    QUARANTINE_BUCKET = var.quarantine_bucket
    SILVER_BUCKET     = var.silver_bucket
  }
}

resource "aws_lambda_permission" "bronze" {
  statement_id   = "InvokedByBronze"
  action         = "lambda:InvokeFunction"
  function_name  = module.function.name
  principal      = "s3.amazonaws.com"
  source_account = var.scope.account_id
  source_arn     = "arn:${var.scope.partition}:s3:::${var.bronze_bucket}"
}

# Every created object, whatever its name: a wrong name gets a verdict, not silence.
resource "aws_s3_bucket_notification" "bronze" {
  bucket = var.bronze_bucket

  lambda_function {
    id                  = "validate"
    events              = ["s3:ObjectCreated:*"]
    lambda_function_arn = module.function.arn
  }

  depends_on = [aws_lambda_permission.bronze]
}
