module "function" {
  source = "../function"

  buckets               = [var.control_bucket, var.gold_bucket, var.quarantine_bucket, var.silver_bucket]
  catalog_key_arn       = var.catalog_key_arn
  description           = "Computes gold of small batches"
  earlier_key_arns      = var.earlier_key_arns
  environment           = merge(var.sdk_environment, local.environment)
  ephemeral_storage     = var.ephemeral_storage
  handler               = "duckdb_engine.handler.handler"
  kms_key_arn           = var.kms_key_arn
  log_retention_in_days = var.log_retention_in_days
  memory_size           = var.memory_size
  name                  = var.name
  network               = var.network
  package               = var.package
  package_bucket        = var.control_bucket
  permissions_boundary  = var.permissions_boundary
  policy                = data.aws_iam_policy_document.engine.json
  queue_key             = var.queue_key
  require_tls           = var.require_tls
  reserved_concurrency  = var.reserved_concurrency
  retry_attempts        = 0 # the ledger counts attempts
  role_name             = var.role_name
  scope                 = var.scope
  tags                  = var.tags
  timeout               = var.timeout
}

locals {
  environment = {
    CONTROL_BUCKET    = var.control_bucket
    GLUE_DATABASE     = var.glue_database
    GOLD_BUCKET       = var.gold_bucket
    METRIC_NAMESPACE  = var.metric_namespace
    QUARANTINE_BUCKET = var.quarantine_bucket
    SILVER_BUCKET     = var.silver_bucket
  }
}
