provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  control_bucket    = "lake-control"
  datasets          = ["orders", "users"]
  glue_database     = "lake_gold"
  glue_tables       = ["user_activity", "country_revenue"]
  gold_bucket       = "lake-gold"
  keys              = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555" }
  name              = "lake-job"
  packages          = "variables.tf"
  quarantine_bucket = "lake-quarantine"
  scope = {
    account_id = "111122223333"
    partition  = "aws"
    region     = "eu-west-1"
  }
  script        = "versions.tf"
  silver_bucket = "lake-silver"
}

run "leaves_retries_and_order_to_the_ledger" {
  command = plan

  assert {
    condition     = aws_glue_job.this.max_retries == 0 && !aws_glue_job.this.job_run_queuing_enabled
    error_message = "Glue neither retries nor queues runs."
  }
}

run "has_a_pinned_size_version_and_timeout" {
  command = plan

  assert {
    condition = [
      aws_glue_job.this.glue_version, aws_glue_job.this.worker_type, aws_glue_job.this.number_of_workers, aws_glue_job.this.timeout,
      aws_glue_job.this.execution_class,
    ] == ["5.1", "G.1X", 2, 60, "STANDARD"]
    error_message = "Two G.1X workers of Glue 5.1 for at most an hour."
  }

  assert {
    condition     = aws_glue_job.this.execution_property[0].max_concurrent_runs == 3
    error_message = "Three runs at a time."
  }
}

run "tells_runs_where_everything_is" {
  command = plan

  assert {
    condition = {
      for name, value in aws_glue_job.this.default_arguments : name => value if upper(name) == name
      } == {
      "--CONTROL_BUCKET"    = "lake-control"
      "--GLUE_DATABASE"     = "lake_gold"
      "--GOLD_BUCKET"       = "lake-gold"
      "--QUARANTINE_BUCKET" = "lake-quarantine"
      "--SILVER_BUCKET"     = "lake-silver"
    }
    error_message = "Buckets and table are arguments."
  }
}

run "lets_no_run_bring_code_or_places_of_its_own" {
  command = plan

  assert {
    condition = {
      for name in ["--CONTROL_BUCKET", "--GLUE_DATABASE", "--GOLD_BUCKET", "--QUARANTINE_BUCKET", "--SILVER_BUCKET", "--conf", "--extra-py-files"] :
      name => aws_glue_job.this.default_arguments[name]
    } == { for name, value in aws_glue_job.this.non_overridable_arguments : name => value if name != "--scriptLocation" }
    error_message = "What a run reads, writes and loads is the job's, whatever its caller says."
  }

  assert {
    condition     = aws_glue_job.this.non_overridable_arguments["--scriptLocation"] == aws_glue_job.this.command[0].script_location
    error_message = "The script is the job's, too."
  }
}

run "passes_spark_settings_on" {
  command = plan

  variables {
    spark_conf = { "spark.sql.shuffle.partitions" = "8" }
  }

  assert {
    condition     = aws_glue_job.this.default_arguments["--conf"] == "spark.hadoop.fs.s3a.endpoint.region=eu-west-1 --conf spark.sql.session.timeZone=UTC --conf spark.sql.shuffle.partitions=8"
    error_message = "Settings are chained the way that Glue reads them."
  }
}

run "loads_artifacts_by_their_hash" {
  command = plan

  assert {
    condition     = length(regexall("^s3://lake-control/artifacts/[0-9a-f]{12}/versions[.]tf$", aws_glue_job.this.command[0].script_location)) == 1
    error_message = "The script's key holds the hash of the release."
  }

  assert {
    condition     = length(toset([for object in aws_s3_object.artifact : dirname(object.key)])) == 1
    error_message = "Script and packages belong together."
  }
}

run "asks_s3_in_its_own_region" {
  command = plan

  assert {
    condition     = strcontains(aws_glue_job.this.default_arguments["--conf"], "spark.hadoop.fs.s3a.endpoint.region=eu-west-1")
    error_message = "Without its region S3A begins at us-east-2."
  }
}

run "keeps_artifacts_of_named_releases_for_runs_that_are_starting" {
  command = plan

  variables {
    keep_releases = ["0123456789ab"]
  }

  assert {
    condition     = length(aws_s3_object.artifact) == 4 && contains(keys(aws_s3_object.artifact), "0123456789ab/script")
    error_message = "Two releases are there, and the job starts the current one."
  }

  assert {
    condition     = !strcontains(aws_glue_job.this.command[0].script_location, "0123456789ab")
    error_message = "Two releases are there, and the job starts the current one."
  }
}

run "tags_everything_but_artifacts" {
  command = plan

  variables {
    tags = { for number in range(12) : "tag-${number}" => "x" }
  }

  assert {
    condition     = alltrue([for object in aws_s3_object.artifact : object.tags == null]) && length(aws_glue_job.this.tags) == 12
    error_message = "An object takes ten tags, so it gets none."
  }
}

run "can_scale_flex_join_a_network_and_write_spark_events" {
  command = plan

  variables {
    auto_scaling    = true
    keys            = merge(var.keys, { catalog_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/22222222-2222-3333-4444-555555555555" })
    execution_class = "FLEX"
    glue_version    = "6.0"
    metrics         = true
    network         = { availability_zone = "eu-west-1a", security_group_ids = ["sg-1"], subnet_ids = ["subnet-1"] }
    spark_ui        = true
  }

  assert {
    condition = [
      aws_glue_job.this.default_arguments["--enable-auto-scaling"], aws_glue_job.this.default_arguments["--spark-event-logs-path"],
      aws_glue_job.this.execution_class, aws_glue_job.this.glue_version, aws_glue_job.this.connections[0],
      aws_glue_job.this.default_arguments["--enable-metrics"],
    ] == ["true", "s3://lake-control/spark-ui/", "FLEX", "6.0", "lake-job", "true"]
    error_message = "Each option is an argument or a field of the job."
  }

  assert {
    condition = length(setsubtract(
      ["UseCatalogKey", "JoinNetwork", "TagOwnInterfaces", "ReadOwnConnection", "WriteMetrics", "WriteSparkEvents"],
      jsondecode(data.aws_iam_policy_document.role.json).Statement[*].Sid,
    )) == 0
    error_message = "What an option needs, the role may."
  }
}

run "rejects_glue_whose_sdk_knows_no_conditional_put" {
  command = plan

  variables {
    glue_version = "5.0"
  }

  expect_failures = [var.glue_version]
}

run "rejects_unknown_class" {
  command = plan

  variables {
    execution_class = "SPOT"
  }

  expect_failures = [var.execution_class]
}

run "rejects_release_that_is_no_hash" {
  command = plan

  variables {
    keep_releases = ["v1"]
  }

  expect_failures = [var.keep_releases]
}

run "rejects_contract_without_tables" {
  command = plan

  variables {
    glue_tables = []
  }

  expect_failures = [var.glue_tables]
}

run "rejects_large_workers_of_flex" {
  command = plan

  variables {
    execution_class = "FLEX"
    worker_type     = "G.4X"
  }

  expect_failures = [var.worker_type]
}

run "encrypts_data_logs_and_bookmarks" {
  command = plan

  assert {
    condition     = length(regexall(var.keys.kms_key_arn, jsonencode(aws_glue_security_configuration.this.encryption_configuration))) == 3
    error_message = "All three are encrypted with the key."
  }
}

run "has_encrypted_log_groups_of_its_own" {
  command = plan

  assert {
    condition = toset([for group in aws_cloudwatch_log_group.this : "${group.name} ${group.kms_key_id} ${group.retention_in_days}"]) == toset([
      "/aws-glue/jobs/lake-job/lake-job-role/lake-job/error ${var.keys.kms_key_arn} 365",
      "/aws-glue/jobs/lake-job/lake-job-role/lake-job/output ${var.keys.kms_key_arn} 365",
    ])
    error_message = "Both groups are the job's, named as Glue 5 names them with a security configuration, encrypted and kept for a year."
  }
}

run "writes_only_runs_rejected_rows_and_the_ledger" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.role.json).Statement :
      statement.Resource if contains(flatten([statement.Action]), "s3:PutObject")
      ])) == toset([
      "arn:aws:s3:::lake-control/batches/*",
      "arn:aws:s3:::lake-gold/country_revenue/*",
      "arn:aws:s3:::lake-gold/user_activity/*",
      "arn:aws:s3:::lake-quarantine/rows/orders/*",
      "arn:aws:s3:::lake-quarantine/rows/users/*",
    ])
    error_message = "A run writes below its table, rejected rows and the ledger."
  }

  assert {
    condition     = !strcontains(data.aws_iam_policy_document.role.json, "bronze")
    error_message = "The job knows nothing of bronze."
  }
}

run "never_deletes_in_the_ledger" {
  command = plan

  assert {
    condition = !anytrue(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.role.json).Statement : [
        for resource in flatten([statement.Resource]) : startswith(resource, "arn:aws:s3:::lake-control")
      ] if strcontains(jsonencode(statement.Action), "Delete")
    ]))
    error_message = "Claims and fences stay."
  }
}

run "is_assumed_by_glue_for_this_account_only" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition == {
      StringEquals = { "aws:SourceAccount" = "111122223333" }
    }
    error_message = "The trust policy names the account."
  }
}

run "rejects_contract_without_datasets" {
  command = plan

  variables {
    datasets = []
  }

  expect_failures = [var.datasets]
}

run "rejects_log_prefix_without_slash" {
  command = plan

  variables {
    log_group_prefix = "aws-glue/jobs"
  }

  expect_failures = [var.log_group_prefix]
}

run "rejects_no_run_at_all" {
  command = plan

  variables {
    max_concurrent_runs = 0
  }

  expect_failures = [var.max_concurrent_runs]
}

run "rejects_name_with_blanks" {
  command = plan

  variables {
    name = "user activity"
  }

  expect_failures = [var.name]
}

run "rejects_settings_with_blanks" {
  command = plan

  variables {
    spark_conf = { "spark.app.name" = "user activity" }
  }

  expect_failures = [var.spark_conf]
}

run "rejects_runs_without_an_end" {
  command = plan

  variables {
    timeout_in_minutes = 1441
  }

  expect_failures = [var.timeout_in_minutes]
}

run "rejects_a_single_worker" {
  command = plan

  variables {
    worker_count = 1
  }

  expect_failures = [var.worker_count]
}

run "rejects_unknown_worker" {
  command = plan

  variables {
    worker_type = "Standard"
  }

  expect_failures = [var.worker_type]
}

run "rejects_role_beyond_64_letters" {
  command = plan

  variables {
    role_name = "a1234567890123456789012345678901234567890123456789-ap-southeast-2"
  }

  expect_failures = [var.role_name]
}
