output "bronze_bucket" {
  description = "Where producers put their files."
  value       = module.bronze.name
}

output "control_bucket" {
  description = "Ledger (batches/) and artifacts (artifacts/)."
  value       = module.control.name
}

output "dead_letter_queue_url" {
  description = "Queue that holds the notifications that the validator failed on."
  value       = module.lambda_validator.dead_letter_queue_url
}

output "glue_database" {
  description = "Glue catalog database of the gold tables."
  value       = module.catalog.database
}

output "glue_job" {
  description = "Name of the Glue job that computes gold."
  value       = module.glue_job.name
}

output "gold_bucket" {
  description = "Published Parquet."
  value       = module.gold.name
}

output "gold_table" {
  description = "Name of the table that the job publishes."
  value       = module.catalog.tables[local.gold_table]
}

output "kms_key_arn" {
  description = "Key that encrypts everything."
  value       = local.kms_key_arn
}

output "quarantine_bucket" {
  description = "Rejection records (files/) and rejected rows (rows/)."
  value       = module.quarantine.name
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
