provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  bronze_bucket = "lake-bronze"
  glue_database = "lake_gold"
  glue_tables   = ["user_activity"]
  gold_bucket   = "lake-gold"
  keys          = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555" }
  logs_bucket   = "lake-logs"
  name          = "lake-test"
  scope = {
    account_id = "111122223333"
    partition  = "aws"
    region     = "eu-west-1"
  }
  workgroup = "lake"
}

run "lets_producers_deliver_and_encrypt_but_not_look" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_policy.producer.policy).Statement : statement.Action
    ])) == toset(["kms:Decrypt", "kms:GenerateDataKey", "s3:AbortMultipartUpload", "s3:PutObject"])
    error_message = "A producer puts, in one piece or many."
  }
}

run "lets_readers_query_without_a_look_at_the_audit_trail" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_policy.reader.policy).Statement : statement.Resource
      if anytrue([for action in flatten([statement.Action]) : startswith(action, "s3:Get") && action != "s3:GetBucketLocation"])
    ])) == toset(["arn:aws:s3:::lake-gold/user_activity/*", "arn:aws:s3:::lake-logs/athena/*"])
    error_message = "A reader sees gold and query results, and nothing of access/."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_policy.reader.policy).Statement :
      alltrue([for resource in flatten([statement.Resource]) : resource == "arn:aws:s3:::lake-logs/athena/*"])
      if contains(flatten([statement.Action]), "s3:PutObject")
    ])
    error_message = "A reader writes query results only."
  }
}

run "has_nothing_of_athena_without_a_workgroup" {
  command = plan

  variables {
    workgroup = null
  }

  assert {
    condition     = !strcontains(aws_iam_policy.reader.policy, "athena:")
    error_message = "Without Athena there is nothing to query with."
  }
}

run "rejects_contract_without_tables" {
  command = plan

  variables {
    glue_tables = []
  }

  expect_failures = [var.glue_tables]
}
