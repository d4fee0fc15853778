module "function" {
  source = "../function"

  buckets     = var.buckets
  common      = var.common
  description = "Checks each uploaded file and promotes or quarantines it"
  encrypted   = keys(var.buckets)
  engines     = var.engines
  handler     = "lambda_validator.handler.handler"
  keys        = var.keys
  limits      = var.limits
  name        = var.name
  package     = var.package
  policy      = data.aws_iam_policy_document.validator.json
  rule_arns   = values(local.rule_arns)
}
