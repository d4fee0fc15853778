resource "aws_glue_job" "this" {
  name        = var.name
  description = "Computes ${var.glue_table} from the files of one complete batch"

  execution_class         = "STANDARD"
  glue_version            = "5.1"
  job_run_queuing_enabled = false # a queued start could run after its claim was taken over
  max_retries             = 0     # the ledger counts attempts
  number_of_workers       = var.worker_count
  role_arn                = aws_iam_role.this.arn
  security_configuration  = aws_glue_security_configuration.this.name
  timeout                 = var.timeout_in_minutes
  worker_type             = var.worker_type

  default_arguments = local.arguments

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "s3://${var.control_bucket}/${aws_s3_object.artifact["script"].key}"
  }

  execution_property {
    max_concurrent_runs = var.max_concurrent_runs
  }
}

locals {
  conf = merge({ "spark.sql.session.timeZone" = "UTC" }, var.spark_conf)

  log_group_prefix = coalesce(var.log_group_prefix, "/aws-glue/jobs/${var.name}")

  arguments = {
    "--CONTROL_BUCKET"    = var.control_bucket
    "--GLUE_DATABASE"     = var.glue_database
    "--GLUE_TABLE"        = var.glue_table
    "--GOLD_BUCKET"       = var.gold_bucket
    "--QUARANTINE_BUCKET" = var.quarantine_bucket
    "--SILVER_BUCKET"     = var.silver_bucket

    "--conf"                   = join(" --conf ", [for key, value in local.conf : "${key}=${value}"])
    "--custom-logGroup-prefix" = local.log_group_prefix
    "--extra-py-files"         = "s3://${var.control_bucket}/${aws_s3_object.artifact["packages"].key}"
    "--job-bookmark-option"    = "job-bookmark-disable"
    "--job-language"           = "python"
  }
}

# Same code, same key: a change makes new objects and runs under way keep theirs until they are read.
locals {
  artifacts = {
    packages = { path = var.packages, hash = filesha256(var.packages) }
    script   = { path = var.script, hash = filesha256(var.script) }
  }
  release = substr(sha256(join("", [for artifact in values(local.artifacts) : artifact.hash])), 0, 12)
}

resource "aws_s3_object" "artifact" {
  for_each = local.artifacts

  bucket      = var.control_bucket
  key         = "artifacts/${local.release}/${basename(each.value.path)}"
  source      = each.value.path
  source_hash = each.value.hash

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_glue_security_configuration" "this" {
  name = var.name

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = var.kms_key_arn
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = var.kms_key_arn
    }

    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = var.kms_key_arn
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["error", "output"])

  name              = "${local.log_group_prefix}/${each.key}"
  kms_key_id        = var.kms_key_arn
  retention_in_days = var.log_retention_in_days
}
