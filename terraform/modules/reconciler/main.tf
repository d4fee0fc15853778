module "function" {
  source = "../function"

  buckets     = var.buckets
  common      = var.common
  description = "Brings interrupted batches to their end"
  encrypted   = ["bronze", "control", "quarantine", "silver"] # gold it only lists and deletes
  engines     = var.engines
  handler     = "reconciler.handler.handler"
  keys        = var.keys
  limits      = var.limits
  name        = var.name
  package     = var.package
  policy      = data.aws_iam_policy_document.reconciler.json
  rule_arns   = values(local.rule_arns)
  tables      = var.tables
}
