module "kms_key" {
  source = "./modules/kms_key"

  alias                   = local.name
  deletion_window_in_days = var.key.deletion_window_in_days
  existing_arn            = var.kms_key_arn
  keep_own                = var.key.keep_own
  producers               = var.access.producers
  scope                   = local.scope
  tags                    = local.tags
}

module "logs" {
  source = "./modules/lake_bucket"

  access_log_target = true
  create            = !contains(keys(var.buckets.existing), "logs")
  force_destroy     = var.force_destroy
  kms_key_arn       = null # S3 delivers access logs only to buckets with its own key
  name              = local.bucket_names.logs
  require_tls       = var.buckets.require_tls
  retention         = var.buckets.lifecycle ? { expire = { "access/" = 365, "athena/" = 30 } } : null
  scope             = local.scope
  tags              = local.tags
}

module "bronze" {
  source = "./modules/lake_bucket"

  create        = !contains(keys(var.buckets.existing), "bronze")
  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  log_bucket    = local.log_bucket
  name          = local.bucket_names.bronze
  producers     = var.access.producers
  require_tls   = var.buckets.require_tls
  retention     = var.buckets.lifecycle ? { expire = local.retention.bronze } : null
  scope         = local.scope
  tags          = local.tags
}

module "silver" {
  source = "./modules/lake_bucket"

  create        = !contains(keys(var.buckets.existing), "silver")
  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  log_bucket    = local.log_bucket
  name          = local.bucket_names.silver
  require_tls   = var.buckets.require_tls
  retention     = var.buckets.lifecycle ? { expire = local.retention.silver } : null
  scope         = local.scope
  tags          = local.tags
}

module "gold" {
  source = "./modules/lake_bucket"

  create        = !contains(keys(var.buckets.existing), "gold")
  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  log_bucket    = local.log_bucket
  name          = local.bucket_names.gold
  require_tls   = var.buckets.require_tls
  retention     = var.buckets.lifecycle ? { expire = local.retention.gold } : null
  scope         = local.scope
  tags          = local.tags
}

module "quarantine" {
  source = "./modules/lake_bucket"

  create        = !contains(keys(var.buckets.existing), "quarantine")
  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  log_bucket    = local.log_bucket
  name          = local.bucket_names.quarantine
  require_tls   = var.buckets.require_tls
  retention     = var.buckets.lifecycle ? { expire = local.retention.quarantine } : null
  scope         = local.scope
  tags          = local.tags
}

module "control" {
  source = "./modules/lake_bucket"

  create        = !contains(keys(var.buckets.existing), "control")
  force_destroy = var.force_destroy
  kms_key_arn   = local.kms_key_arn
  ledger_prefix = "batches/"
  log_bucket    = local.log_bucket
  name          = local.bucket_names.control
  require_tls   = var.buckets.require_tls
  retention     = var.buckets.lifecycle ? { expire = { "spark-ui/" = 30 } } : null
  scope         = local.scope
  tags          = local.tags
}

module "lambda_validator" {
  source = "./modules/lambda_validator"

  bronze_events = var.buckets.bronze_events
  buckets       = local.buckets
  common        = local.common
  datasets      = keys(local.contract.datasets)
  engines       = local.engines
  keys          = local.keys
  limits        = local.limits.validator
  name          = local.validator_name
  own_bucket    = !contains(keys(var.buckets.existing), "bronze")
  package       = local.artifacts.functions
}

module "reconciler" {
  source = "./modules/reconciler"

  buckets       = local.buckets
  common        = local.common
  datasets      = keys(local.contract.datasets)
  engines       = local.engines
  every_minutes = var.functions.reconcile_every_minutes
  keys          = local.keys
  limits        = local.limits.reconciler
  name          = local.reconciler_name
  package       = local.artifacts.functions
  tables        = { database = local.database, names = local.gold_tables }
}

module "duckdb_engine" {
  source = "./modules/duckdb_engine"
  count  = local.engines.function == null ? 0 : 1

  buckets             = local.buckets
  common              = local.common
  datasets            = keys(local.contract.datasets)
  keys                = local.keys
  limits              = local.limits.duckdb
  name                = local.engines.function
  package             = local.artifacts.duckdb
  reconciler_function = module.reconciler.function
  tables              = { database = local.database, names = local.gold_tables }
}

module "glue_job" {
  source = "./modules/glue_job"

  auto_scaling          = var.glue.auto_scaling
  control_bucket        = module.control.name
  datasets              = keys(local.contract.datasets)
  execution_class       = var.glue.execution_class
  glue_database         = local.database
  glue_tables           = local.gold_tables
  glue_version          = var.glue.version
  gold_bucket           = module.gold.name
  keep_releases         = var.glue.keep_releases
  keys                  = local.keys
  log_group_prefix      = var.glue.log_group_prefix
  log_retention_in_days = var.log_retention_in_days
  max_concurrent_runs   = var.glue.max_concurrent_runs
  metrics               = var.glue.metrics
  name                  = local.engines.job
  network               = var.network
  packages              = local.artifacts.packages
  permissions_boundary  = var.permissions_boundary
  quarantine_bucket     = module.quarantine.name
  role_name             = "${local.engines.job}${local.suffix}"
  scope                 = local.scope
  script                = local.artifacts.script
  silver_bucket         = module.silver.name
  spark_conf            = var.glue.spark_conf
  spark_ui              = var.glue.spark_ui
  tags                  = local.tags
  timeout_in_minutes    = var.glue.timeout_in_minutes
  worker_count          = var.glue.worker_count
  worker_type           = var.glue.worker_type
}

module "catalog" {
  source = "./modules/catalog"

  database       = local.database
  force_destroy  = var.force_destroy
  gold_bucket    = module.gold.name
  kms_key_arn    = local.kms_key_arn
  lake_formation = var.catalog.lake_formation
  logs_bucket    = module.logs.name
  readers        = { for arn in var.access.readers : arn => arn }
  tables         = local.contract.gold_tables
  tags           = local.tags
  workgroup      = var.athena ? local.name : null
  writers        = local.writers
}

module "access" {
  source = "./modules/access"

  bronze_bucket = module.bronze.name
  glue_database = module.catalog.database
  glue_tables   = local.gold_tables
  gold_bucket   = module.gold.name
  keys          = local.keys
  logs_bucket   = module.logs.name
  name          = "${local.name}${local.suffix}"
  scope         = local.scope
  tags          = local.tags
  workgroup     = module.catalog.workgroup
}

module "observability" {
  source = "./modules/observability"

  dashboard_log_groups    = local.log_groups
  dashboard_name          = "${local.name}${local.suffix}"
  dead_letter_queues      = local.dead_letter_queues
  deadline_in_minutes     = local.contract.gate.deadline_minutes
  failure_rule            = module.reconciler.failure_rule
  functions               = local.functions
  kms_key_arn             = local.kms_key_arn
  metric_namespace        = local.metric_namespace
  name                    = local.name
  notification_emails     = var.alarms.emails
  publish_in_minutes      = var.alarms.publish_in_minutes
  reconcile_every_minutes = var.functions.reconcile_every_minutes
  scope                   = local.scope
  tags                    = local.tags
  topic_arns              = var.alarms.topic_arns
}
