provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  database    = "lake_gold"
  gold_bucket = "lake-gold"
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  logs_bucket = "lake-logs"
  tables = {
    user_activity = {
      columns = [
        { name = "user_id", type = "bigint", description = "Identifies the user" },
        { name = "revenue", type = "decimal(18,2)", description = "Sum" },
      ]
      description = "One row per user"
      partitions  = [{ name = "batch_id", type = "string", description = "Batch" }]
    }
  }
  workgroup = "lake"
}

run "has_the_columns_of_the_contract_in_their_order" {
  command = plan

  assert {
    condition = [
      for column in aws_glue_catalog_table.this["user_activity"].storage_descriptor[0].columns : "${column.name} ${column.type}"
    ] == ["user_id bigint", "revenue decimal(18,2)"]
    error_message = "Columns come from the contract."
  }

  assert {
    condition     = [for key in aws_glue_catalog_table.this["user_activity"].partition_keys : "${key.name} ${key.type}"] == ["batch_id string"]
    error_message = "Partition keys come from the contract."
  }
}

run "adds_partitions_by_publication_only" {
  command = plan

  assert {
    condition     = !strcontains(jsonencode(aws_glue_catalog_table.this["user_activity"].parameters), "projection")
    error_message = "Nothing makes partitions of unpublished runs."
  }
}

run "encrypts_query_results_whatever_the_client_says" {
  command = plan

  assert {
    condition     = aws_athena_workgroup.this[0].configuration[0].enforce_workgroup_configuration
    error_message = "The workgroup's settings are enforced."
  }

  assert {
    condition = alltrue([
      for result in aws_athena_workgroup.this[0].configuration[0].result_configuration :
      result.encryption_configuration[0].kms_key_arn == var.kms_key_arn && result.output_location == "s3://lake-logs/athena/"
    ])
    error_message = "Results are encrypted with the key."
  }
}

run "leaves_the_catalog_to_iam_unless_told" {
  command = plan

  assert {
    condition     = length(aws_lakeformation_permissions.table) + length(aws_lakeformation_permissions.database) == 0
    error_message = "There are no grants where IAM decides."
  }
}

run "grants_writers_and_readers_what_lake_formation_asks_for" {
  command = plan

  variables {
    lake_formation = true
    readers        = { analyst = "arn:aws:iam::111122223333:role/analyst" }
    writers        = { job = "arn:aws:iam::111122223333:role/lake-job" }
  }

  assert {
    condition = {
      for name, grant in aws_lakeformation_permissions.table : name => [grant.principal, toset(grant.permissions)]
      } == {
      "user_activity/analyst" = ["arn:aws:iam::111122223333:role/analyst", toset(["DESCRIBE", "SELECT"])]
      "user_activity/job"     = ["arn:aws:iam::111122223333:role/lake-job", toset(["ALTER", "DESCRIBE", "INSERT", "SELECT"])]
    }
    error_message = "Writers change partitions, readers select."
  }

  assert {
    condition     = toset(keys(aws_lakeformation_permissions.database)) == toset(["analyst", "job"])
    error_message = "All of them see the database."
  }
}

run "has_a_table_for_each_of_the_contract" {
  command = plan

  variables {
    tables = {
      country_revenue = { columns = [{ name = "country", type = "string" }] }
      user_activity   = { columns = [{ name = "user_id", type = "bigint" }] }
    }
  }

  assert {
    condition     = [for table in aws_glue_catalog_table.this : table.storage_descriptor[0].location] == ["s3://lake-gold/country_revenue/", "s3://lake-gold/user_activity/"]
    error_message = "Each table has its folder in gold."
  }
}

run "makes_no_workgroup_without_a_name" {
  command = plan

  variables {
    workgroup = null
  }

  assert {
    condition     = length(aws_athena_workgroup.this) == 0 && output.workgroup == null
    error_message = "Where there is no Athena there is no workgroup."
  }
}

run "rejects_limit_below_that_of_athena" {
  command = plan

  variables {
    bytes_scanned_limit = 1000
  }

  expect_failures = [var.bytes_scanned_limit]
}

run "rejects_database_with_hyphen" {
  command = plan

  variables {
    database = "lake-gold"
  }

  expect_failures = [var.database]
}

run "rejects_table_without_columns" {
  command = plan

  variables {
    tables = {
      empty = { columns = [], description = "Nothing", partitions = [] }
    }
  }

  expect_failures = [var.tables]
}

run "rejects_partition_that_is_a_column" {
  command = plan

  variables {
    tables = {
      twice = {
        columns     = [{ name = "batch_id", type = "string", description = "Batch" }]
        description = "Twice"
        partitions  = [{ name = "batch_id", type = "string", description = "Batch" }]
      }
    }
  }

  expect_failures = [var.tables]
}
