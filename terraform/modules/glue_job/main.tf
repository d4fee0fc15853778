resource "aws_glue_job" "this" {
  name        = var.name
  description = "Computes gold from the files of one complete batch"

  connections             = aws_glue_connection.network[*].name
  execution_class         = var.execution_class
  glue_version            = var.glue_version
  job_run_queuing_enabled = false # a queued start could run after its claim was taken over
  max_retries             = 0     # the ledger counts attempts
  number_of_workers       = var.worker_count
  role_arn                = aws_iam_role.this.arn
  security_configuration  = aws_glue_security_configuration.this.name
  tags                    = var.tags
  timeout                 = var.timeout_in_minutes
  worker_type             = var.worker_type

  default_arguments = local.arguments

  # Who may start a run may not have it load other code or work elsewhere: these win over a run's own.
  non_overridable_arguments = merge(
    { for name, value in local.arguments : name => value if upper(name) == name || contains(["--conf", "--extra-py-files"], name) },
    { "--scriptLocation" = local.script },
  )

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = local.script
  }

  execution_property {
    max_concurrent_runs = var.max_concurrent_runs
  }
}

locals {
  conf = merge({
    # Left out, S3A asks us-east-2 first, wherever the buckets are.
    "spark.hadoop.fs.s3a.endpoint.region" = var.scope.region
    "spark.sql.session.timeZone"          = "UTC"
  }, var.spark_conf)

  script = "s3://${var.control_bucket}/${aws_s3_object.artifact["${local.release}/script"].key}"

  log_group_prefix = coalesce(var.log_group_prefix, "/aws-glue/jobs/${var.name}")

  # With a security configuration Glue puts its name and the role's into those of the groups.
  log_groups = {
    for kind in ["error", "output"] :
    kind => "${local.log_group_prefix}/${var.name}-role/${aws_iam_role.this.name}/${kind}"
  }

  arguments = merge(
    {
      "--CONTROL_BUCKET"    = var.control_bucket
      "--GLUE_DATABASE"     = var.glue_database
      "--GOLD_BUCKET"       = var.gold_bucket
      "--QUARANTINE_BUCKET" = var.quarantine_bucket
      "--SILVER_BUCKET"     = var.silver_bucket

      "--conf"                   = join(" --conf ", [for key, value in local.conf : "${key}=${value}"])
      "--custom-logGroup-prefix" = local.log_group_prefix
      "--extra-py-files"         = "s3://${var.control_bucket}/${aws_s3_object.artifact["${local.release}/packages"].key}"
      "--job-bookmark-option"    = "job-bookmark-disable"
      "--job-language"           = "python"
    },
    var.auto_scaling ? { "--enable-auto-scaling" = "true" } : {},
    var.metrics ? { "--enable-metrics" = "true", "--enable-observability-metrics" = "true" } : {},
    var.spark_ui ? {
      "--enable-spark-ui"       = "true"
      "--spark-event-logs-path" = "s3://${var.control_bucket}/spark-ui/"
    } : {},
  )
}

resource "aws_glue_security_configuration" "this" {
  name = var.name

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = var.keys.kms_key_arn
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = var.keys.kms_key_arn
    }

    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = var.keys.kms_key_arn
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.log_groups

  name              = each.value
  kms_key_id        = var.keys.kms_key_arn
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

resource "aws_glue_connection" "network" {
  count = var.network == null ? 0 : 1

  name            = var.name
  connection_type = "NETWORK"
  tags            = var.tags

  physical_connection_requirements {
    availability_zone      = var.network.availability_zone
    security_group_id_list = var.network.security_group_ids
    subnet_id              = var.network.subnet_ids[0]
  }
}
