module "function" {
  source = "../function"

  buckets          = var.buckets
  common           = var.common
  description      = "Computes gold of small batches"
  encrypted        = keys(var.buckets)
  failure_function = var.reconciler_function
  handler          = "duckdb_engine.handler.handler"
  keys             = var.keys
  limits           = merge(var.limits, { retry_attempts = 0 }) # the ledger counts attempts
  name             = var.name
  package          = var.package
  package_bucket   = var.buckets.control
  policy           = data.aws_iam_policy_document.engine.json
  tables           = var.tables
}
