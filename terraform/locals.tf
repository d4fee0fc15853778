locals {
  name = "${local.contract.project}-${var.environment}"

  # Of what is global; all else is called alike in every region.
  suffix = var.region_in_names ? "-${local.scope.region}" : ""

  scope = {
    account_id = data.aws_caller_identity.current.account_id
    dns_suffix = data.aws_partition.current.dns_suffix
    partition  = data.aws_partition.current.partition
    region     = data.aws_region.current.id
  }

  tags = merge({
    Project     = local.contract.project
    Environment = var.environment
    ManagedBy   = "terraform"
  }, var.tags)

  # <project>-<env>-<layer>-<account>[-<region>]
  bucket_names = {
    for layer in ["bronze", "silver", "gold", "quarantine", "control", "logs"] :
    layer => try(var.buckets.existing[layer], "${local.name}-${layer}-${local.scope.account_id}${local.suffix}")
  }
  log_bucket = var.buckets.access_logs ? module.logs.name : null

  # Names of both ends of a wire are built here, so that neither module waits for the other.
  database = replace("${local.name}_gold", "-", "_")
  engines = {
    function = contains(keys(try(local.manifest.artifacts, {})), "duckdb.zip") ? "${local.name}-duckdb" : null
    job      = "${local.name}-job"
  }
  validator_name   = "${local.name}-validator"
  reconciler_name  = "${local.name}-reconciler"
  metric_namespace = "${local.contract.project}/${var.environment}"

  kms_key_arn  = module.kms_key.arn
  earlier_keys = setunion(var.key.earlier_arns, module.kms_key.kept_arns)

  # A queue takes 25 s to settle and a key 13 s: named by its alias, neither waits for the other.
  queue_key = var.kms_key_arn == null ? "alias/${local.name}" : var.kms_key_arn

  buckets = {
    bronze     = module.bronze.name
    control    = module.control.name
    gold       = module.gold.name
    quarantine = module.quarantine.name
    silver     = module.silver.name
  }
  keys = {
    catalog_key_arn  = var.catalog.kms_key_arn
    earlier_key_arns = local.earlier_keys
    kms_key_arn      = local.kms_key_arn
  }

  # Keys are not among these: Terraform waits for all of an object, and a queue would wait for the key.
  common = {
    log_retention_in_days = var.log_retention_in_days
    metric_namespace      = local.metric_namespace
    network               = var.network
    permissions_boundary  = var.permissions_boundary
    queue_key             = local.queue_key
    require_tls           = var.buckets.require_tls
    role_suffix           = local.suffix
    scope                 = local.scope
    sdk_environment       = var.sdk_environment
    tags                  = local.tags
  }
  limits = {
    duckdb = {
      ephemeral_storage    = var.duckdb.ephemeral_storage
      memory_size          = var.duckdb.memory
      reserved_concurrency = var.duckdb.reserved_concurrency
      timeout              = var.duckdb.timeout
    }
    reconciler = {
      memory_size          = var.functions.reconciler_memory
      reserved_concurrency = var.functions.reconciler_reserved_concurrency
      timeout              = var.functions.timeout
    }
    validator = {
      memory_size          = var.functions.validator_memory
      reserved_concurrency = var.functions.validator_reserved_concurrency
      timeout              = var.functions.timeout
    }
  }

  retention = { for layer, days in var.buckets.retention_in_days : layer => days == null ? {} : { "" = days } }

  functions = merge(
    { reconciler = module.reconciler.function, validator = module.lambda_validator.function },
    { for engine in module.duckdb_engine : "duckdb" => engine.function },
  )
  dead_letter_queues = merge(
    { reconciler = module.reconciler.dead_letter_queue, validator = module.lambda_validator.dead_letter_queue },
    { for engine in module.duckdb_engine : "duckdb" => engine.dead_letter_queue },
  )
  log_groups = merge(
    { reconciler = module.reconciler.log_group, validator = module.lambda_validator.log_group },
    { for engine in module.duckdb_engine : "duckdb" => engine.log_group },
  )
  writers = merge(
    { job = module.glue_job.role_arn, reconciler = module.reconciler.role_arn },
    { for engine in module.duckdb_engine : "duckdb" => engine.role_arn },
  )
}
