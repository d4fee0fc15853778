module "function" {
  source = "../function"

  buckets               = [var.bronze_bucket, var.control_bucket, var.quarantine_bucket, var.silver_bucket]
  description           = "Brings interrupted batches to their end"
  environment           = merge(var.sdk_environment, local.environment)
  handler               = "reconciler.handler.handler"
  kms_key_arn           = var.kms_key_arn
  log_retention_in_days = var.log_retention_in_days
  memory_size           = var.memory_size
  name                  = var.name
  package               = var.package
  permissions_boundary  = var.permissions_boundary
  policy                = data.aws_iam_policy_document.reconciler.json
  queue_key             = var.queue_key
  require_tls           = var.require_tls
  reserved_concurrency  = var.reserved_concurrency
  rule_arns             = values(local.rule_arns)
  scope                 = var.scope
  timeout               = var.timeout
}

locals {
  environment = {
    BRONZE_BUCKET     = var.bronze_bucket
    CONTROL_BUCKET    = var.control_bucket
    GLUE_DATABASE     = var.glue_database
    GLUE_JOB          = var.glue_job
    GLUE_TABLE        = var.glue_table
    GOLD_BUCKET       = var.gold_bucket
    QUARANTINE_BUCKET = var.quarantine_bucket
    SILVER_BUCKET     = var.silver_bucket
  }
}
