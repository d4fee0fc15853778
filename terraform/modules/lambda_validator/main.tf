module "function" {
  source = "../function"

  buckets               = [var.bronze_bucket, var.control_bucket, var.quarantine_bucket, var.silver_bucket]
  description           = "Checks each uploaded file and promotes or quarantines it"
  earlier_key_arns      = var.earlier_key_arns
  environment           = merge(var.sdk_environment, local.environment, local.engine)
  handler               = "lambda_validator.handler.handler"
  kms_key_arn           = var.kms_key_arn
  log_retention_in_days = var.log_retention_in_days
  memory_size           = var.memory_size
  name                  = var.name
  network               = var.network
  package               = var.package
  permissions_boundary  = var.permissions_boundary
  policy                = data.aws_iam_policy_document.validator.json
  queue_key             = var.queue_key
  require_tls           = var.require_tls
  reserved_concurrency  = var.reserved_concurrency
  role_name             = var.role_name
  rule_arns             = values(local.rule_arns)
  scope                 = var.scope
  tags                  = var.tags
  timeout               = var.timeout
}

locals {
  environment = {
    BRONZE_BUCKET     = var.bronze_bucket
    CONTROL_BUCKET    = var.control_bucket
    GLUE_JOB          = var.glue_job
    METRIC_NAMESPACE  = var.metric_namespace
    QUARANTINE_BUCKET = var.quarantine_bucket
    SILVER_BUCKET     = var.silver_bucket
  }
  engine = var.duckdb_function == null ? {} : { DUCKDB_FUNCTION = var.duckdb_function }
}
