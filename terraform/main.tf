module "kms_key" {
  source = "./modules/kms_key"
  count  = var.kms_key_arn == null ? 1 : 0

  alias                   = local.name
  deletion_window_in_days = var.kms_deletion_window_in_days
  scope                   = local.scope
}

module "logs" {
  source = "./modules/lake_bucket"

  access_log_target = true
  force_destroy     = var.force_destroy
  kms_key_arn       = null # S3 delivers access logs only to buckets with its own key
  name              = local.bucket_names.logs
  require_tls       = var.require_tls
  retention         = var.lifecycle_rules ? { expire = { "access/" = 365, "athena/" = 30 } } : null
  scope             = local.scope
}

module "bronze" {
  source = "./modules/lake_bucket"

  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  log_bucket    = var.access_logs ? module.logs.name : null
  name          = local.bucket_names.bronze
  require_tls   = var.require_tls
  retention     = var.lifecycle_rules ? {} : null
  scope         = local.scope
}

module "silver" {
  source = "./modules/lake_bucket"

  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  log_bucket    = var.access_logs ? module.logs.name : null
  name          = local.bucket_names.silver
  require_tls   = var.require_tls
  retention     = var.lifecycle_rules ? {} : null
  scope         = local.scope
}

module "gold" {
  source = "./modules/lake_bucket"

  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  log_bucket    = var.access_logs ? module.logs.name : null
  name          = local.bucket_names.gold
  require_tls   = var.require_tls
  retention     = var.lifecycle_rules ? {} : null
  scope         = local.scope
}

module "quarantine" {
  source = "./modules/lake_bucket"

  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  log_bucket    = var.access_logs ? module.logs.name : null
  name          = local.bucket_names.quarantine
  require_tls   = var.require_tls
  retention     = var.lifecycle_rules ? { expire = { "rows/" = var.quarantine_retention_in_days } } : null
  scope         = local.scope
}

module "control" {
  source = "./modules/lake_bucket"

  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  ledger_prefix = "batches/"
  log_bucket    = var.access_logs ? module.logs.name : null
  name          = local.bucket_names.control
  require_tls   = var.require_tls
  retention     = var.lifecycle_rules ? {} : null
  scope         = local.scope
}

module "lambda_validator" {
  source = "./modules/lambda_validator"

  bronze_bucket         = module.bronze.name
  control_bucket        = module.control.name
  datasets              = keys(local.contract.datasets)
  glue_job              = local.glue_job_name
  kms_key_arn           = local.kms_key_arn
  log_retention_in_days = var.log_retention_in_days
  name                  = local.validator_name
  package               = local.artifacts.functions
  permissions_boundary  = var.permissions_boundary
  quarantine_bucket     = module.quarantine.name
  queue_key             = local.queue_key
  require_tls           = var.require_tls
  reserved_concurrency  = var.validator_reserved_concurrency
  scope                 = local.scope
  sdk_environment       = var.sdk_environment
  silver_bucket         = module.silver.name
  timeout               = var.lambda_timeout
}

module "reconciler" {
  source = "./modules/reconciler"

  bronze_bucket         = module.bronze.name
  control_bucket        = module.control.name
  datasets              = keys(local.contract.datasets)
  glue_database         = module.catalog.database
  glue_job              = local.glue_job_name
  glue_table            = local.gold_table
  gold_bucket           = module.gold.name
  kms_key_arn           = local.kms_key_arn
  log_retention_in_days = var.log_retention_in_days
  name                  = "${local.name}-reconciler"
  package               = local.artifacts.functions
  permissions_boundary  = var.permissions_boundary
  quarantine_bucket     = module.quarantine.name
  queue_key             = local.queue_key
  require_tls           = var.require_tls
  reserved_concurrency  = var.reconciler_reserved_concurrency
  schedule              = var.reconciler_schedule
  scope                 = local.scope
  sdk_environment       = var.sdk_environment
  silver_bucket         = module.silver.name
  timeout               = var.lambda_timeout
}

module "glue_job" {
  source = "./modules/glue_job"

  control_bucket        = module.control.name
  datasets              = keys(local.contract.datasets)
  glue_database         = module.catalog.database
  glue_table            = local.gold_table
  gold_bucket           = module.gold.name
  kms_key_arn           = local.kms_key_arn
  log_group_prefix      = var.glue_log_group_prefix
  log_retention_in_days = var.log_retention_in_days
  max_concurrent_runs   = var.glue_max_concurrent_runs
  name                  = local.glue_job_name
  packages              = local.artifacts.packages
  permissions_boundary  = var.permissions_boundary
  quarantine_bucket     = module.quarantine.name
  scope                 = local.scope
  script                = local.artifacts.script
  silver_bucket         = module.silver.name
  spark_conf            = var.spark_conf
  timeout_in_minutes    = var.glue_timeout_in_minutes
  worker_count          = var.glue_worker_count
  worker_type           = var.glue_worker_type
}

module "catalog" {
  source = "./modules/catalog"

  database      = replace("${local.name}_gold", "-", "_")
  force_destroy = var.force_destroy
  gold_bucket   = module.gold.name
  kms_key_arn   = local.kms_key_arn
  logs_bucket   = module.logs.name
  tables        = local.contract.gold_tables
  workgroup     = var.athena ? local.name : null
}

module "observability" {
  source = "./modules/observability"

  dashboard_log_groups = {
    reconciler = module.reconciler.log_group
    validator  = module.lambda_validator.log_group
  }
  dead_letter_queues = {
    reconciler = module.reconciler.dead_letter_queue
    validator  = module.lambda_validator.dead_letter_queue
  }
  deadline_in_minutes = local.contract.gate.deadline_minutes
  failure_rule        = module.reconciler.failure_rule
  functions = {
    reconciler = module.reconciler.function
    validator  = module.lambda_validator.function
  }
  kms_key_arn         = local.kms_key_arn
  name                = local.name
  notification_emails = var.notification_emails
  publish_in_minutes  = var.publish_in_minutes
  scope               = local.scope
}
