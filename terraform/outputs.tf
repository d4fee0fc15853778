output "bronze_bucket" {
  description = "Where producers put their files."
  value       = module.bronze.name
}

output "bucket_policies" {
  description = "JSON policies by layer that existing buckets (buckets.existing) need to hold what the modules' own hold."
  value = jsonencode({
    for layer, policy in {
      bronze     = module.bronze.policy
      control    = module.control.policy
      gold       = module.gold.policy
      logs       = module.logs.policy
      quarantine = module.quarantine.policy
      silver     = module.silver.policy
    } : layer => jsondecode(policy) if contains(keys(var.buckets.existing), layer)
  })
}

output "control_bucket" {
  description = "Ledger (batches/) and artifacts (artifacts/)."
  value       = module.control.name
}

output "dead_letter_queue_url" {
  description = "Queue that holds the notifications that the validator failed on."
  value       = module.lambda_validator.dead_letter_queue_url
}

output "duckdb_function" {
  description = "Name of the function that computes gold of small batches; empty where the build has none."
  value       = try(module.duckdb_engine[0].function, "")
}

output "glue_database" {
  description = "Glue catalog database of the gold tables."
  value       = module.catalog.database
}

output "glue_job" {
  description = "Name of the Glue job that computes gold."
  value       = module.glue_job.name
}

output "glue_release" {
  description = "Release of the job's artifacts, which glue.keep_releases keeps for runs under way."
  value       = module.glue_job.release
}

output "gold_bucket" {
  description = "Published Parquet."
  value       = module.gold.name
}

output "gold_table" {
  description = "Name of the first table that a run publishes."
  value       = try(local.gold_tables[0], null)
}

output "gold_tables" {
  description = "Names of all tables that a run publishes, as a JSON list."
  value       = jsonencode([for table in local.gold_tables : module.catalog.tables[table]])
}

output "kms_key_arn" {
  description = "Key that encrypts everything."
  value       = local.kms_key_arn
}

output "producer_policy_arn" {
  description = "Policy to attach to roles of this account that deliver files."
  value       = module.access.producer_policy_arn
}

output "quarantine_bucket" {
  description = "Rejection records (files/) and rejected rows (rows/)."
  value       = module.quarantine.name
}

output "reader_policy_arn" {
  description = "Policy to attach to roles of this account that query gold."
  value       = module.access.reader_policy_arn
}

output "reconciler_function" {
  description = "Name of the function that repairs interrupted batches."
  value       = module.reconciler.function
}

output "silver_bucket" {
  description = "Accepted file versions."
  value       = module.silver.name
}

output "validator_function" {
  description = "Name of the function that checks and promotes files."
  value       = module.lambda_validator.function
}
