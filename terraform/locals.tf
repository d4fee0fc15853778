locals {
  contract = jsondecode(file("${var.build_dir}/pipeline.json"))
  name     = "${local.contract.project}-${var.environment}"

  scope = {
    account_id = data.aws_caller_identity.current.account_id
    partition  = data.aws_partition.current.partition
    region     = data.aws_region.current.name
  }

  # <project>-<env>-<layer>-<account>
  bucket_names = {
    for layer in ["bronze", "silver", "gold", "quarantine", "control", "logs"] :
    layer => "${local.name}-${layer}-${local.scope.account_id}"
  }

  # Names of both ends of a wire are built here, so that neither module waits for the other.
  glue_job_name  = "${local.name}-user-activity"
  gold_table     = "user_activity"
  validator_name = "${local.name}-validator"
  kms_key_arn    = var.kms_key_arn == null ? one(module.kms_key[*].arn) : var.kms_key_arn

  # A queue takes 25 s to settle and a key 13 s: named by its alias, neither waits for the other.
  queue_key = var.kms_key_arn == null ? "alias/${local.name}" : var.kms_key_arn

  artifacts = {
    functions = "${var.build_dir}/lambda.zip"
    packages  = "${var.build_dir}/glue_jobs.zip"
    script    = "${var.build_dir}/user_activity.py"
  }
}
