provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  name        = "lake-test-gold-111122223333"
  scope = {
    account_id = "111122223333"
    partition  = "aws"
    region     = "eu-west-1"
  }
}

run "is_private_and_owned_by_the_account" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this[0].block_public_acls,
      aws_s3_bucket_public_access_block.this[0].block_public_policy,
      aws_s3_bucket_public_access_block.this[0].ignore_public_acls,
      aws_s3_bucket_public_access_block.this[0].restrict_public_buckets,
    ])
    error_message = "All four public access blocks are on."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this[0].rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Access lists are off."
  }
}

run "keeps_versions_and_refuses_to_drop_data" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.this[0].versioning_configuration[0].status == "Enabled"
    error_message = "Replaced objects are kept."
  }

  assert {
    condition     = !aws_s3_bucket.this[0].force_destroy
    error_message = "A bucket with objects is not destroyed unless told."
  }
}

run "encrypts_with_the_key_through_a_bucket_key" {
  command = plan

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this[0].rule :
      rule.bucket_key_enabled && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
    ])
    error_message = "The default encryption is the key, with a bucket key."
  }
}

run "denies_plain_http_other_keys_and_other_encryption" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(data.aws_iam_policy_document.bucket.json).Statement : "${statement.Effect} ${statement.Sid}"
    ] == ["Deny DenyPlainHttp", "Deny DenyCustomerKeys", "Deny DenyKmsWithoutKey", "Deny DenyOtherEncryption", "Deny DenyOtherKey"]
    error_message = "The policy denies what weakens encryption, and allows nothing."
  }

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.bucket.json).Statement : statement.Sid => statement.Condition
      }["DenyOtherKey"] == {
      Null            = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
      StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = var.kms_key_arn }
    }
    error_message = "A put may name no key, or this one."
  }
}

run "admits_plain_http_only_when_told" {
  command = plan

  variables {
    require_tls = false
  }

  assert {
    condition     = !strcontains(data.aws_iam_policy_document.bucket.json, "aws:SecureTransport")
    error_message = "An emulator is reached over plain http."
  }
}

run "denies_kms_that_names_no_key_which_would_be_the_key_of_amazon" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.bucket.json).Statement : statement.Sid => try(statement.Condition, null)
      }["DenyKmsWithoutKey"] == {
      Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
      StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
    }
    error_message = "aws:kms without a key is the key aws/s3, whose policy is not ours."
  }
}

run "leaves_an_existing_bucket_as_it_is" {
  command = plan

  variables {
    create     = false
    log_bucket = "lake-test-logs-111122223333"
  }

  assert {
    condition = [
      length(aws_s3_bucket.this), length(aws_s3_bucket_policy.this), length(aws_s3_bucket_logging.this),
      length(aws_s3_bucket_lifecycle_configuration.this), length(aws_s3_bucket_versioning.this),
    ] == [0, 0, 0, 0, 0]
    error_message = "Nothing of an existing bucket is changed."
  }

  assert {
    condition     = output.policy == data.aws_iam_policy_document.bucket.json
    error_message = "What it should deny is an output."
  }
}

run "lets_producers_of_other_accounts_deliver_and_nothing_else" {
  command = plan

  variables {
    producers = ["arn:aws:iam::444455556666:role/shop"]
  }

  assert {
    condition = [
      for statement in jsondecode(data.aws_iam_policy_document.bucket.json).Statement :
      [statement.Principal, statement.Action] if statement.Effect == "Allow"
    ] == [[{ AWS = "arn:aws:iam::444455556666:role/shop" }, ["s3:PutObject", "s3:AbortMultipartUpload"]]]
    error_message = "They put, and neither read nor delete."
  }
}

run "expires_everything_below_an_empty_prefix" {
  command = plan

  variables {
    retention = { expire = { "" = 400 } }
  }

  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.this[0].rule : rule.id] == ["drop-unfinished-and-replaced", "expire-all"]
    error_message = "An empty prefix is the whole bucket."
  }
}

run "protects_the_ledger_and_nothing_else" {
  command = plan

  variables {
    ledger_prefix = "batches/"
  }

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.bucket.json).Statement :
      statement.Sid => [statement.Effect, flatten([statement.Action]), statement.Resource, statement.Principal] if endswith(statement.Sid, "InLedger")
      } == {
      DenyDeletesInLedger = [
        "Deny", ["s3:DeleteObjectVersion", "s3:DeleteObject"], "arn:aws:s3:::lake-test-gold-111122223333/batches/*", "*",
      ]
      DenyUnconditionalPutsInLedger = [
        "Deny", ["s3:PutObject"], "arn:aws:s3:::lake-test-gold-111122223333/batches/*", "*",
      ]
    }
    error_message = "Nobody deletes or writes unconditionally below batches/; artifacts/ stay free."
  }

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.bucket.json).Statement : statement.Sid => try(statement.Condition, null)
    }["DenyUnconditionalPutsInLedger"] == { Null = { "s3:if-match" = "true", "s3:if-none-match" = "true" } }
    error_message = "A put is unconditional when it names neither If-Match nor If-None-Match."
  }
}

run "encrypts_with_the_own_key_of_s3_for_access_logs" {
  command = plan

  variables {
    access_log_target = true
    kms_key_arn       = null
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this[0].rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    ])
    error_message = "S3 delivers access logs only to buckets with its own key."
  }

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.bucket.json).Statement : statement.Sid => try(statement.Condition, null)
    }["AllowAccessLogs"] == { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    error_message = "Access logs come from this account only."
  }
}

run "logs_access_and_expires_when_told" {
  command = plan

  variables {
    log_bucket = "lake-test-logs-111122223333"
    retention  = { expire = { "rows/" = 90 } }
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_prefix == "access/lake-test-gold-111122223333/"
    error_message = "Access logs of each bucket lie below its name."
  }

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.this[0].rule : rule.id
    ] == ["drop-unfinished-and-replaced", "expire-rows"]
    error_message = "Unfinished uploads and replaced versions go, then what expires by prefix."
  }
}

run "expires_nothing_without_retention" {
  command = plan

  variables {
    retention = null
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this) == 0
    error_message = "There are no rules."
  }
}

run "rejects_upper_case_name" {
  command = plan

  variables {
    name = "Lake"
  }

  expect_failures = [var.name]
}

run "rejects_name_beyond_63_letters" {
  command = plan

  variables {
    name = "a123456789012345678901234567890123456789012345678901234567890123"
  }

  expect_failures = [var.name]
}

run "rejects_ledger_prefix_that_is_no_folder" {
  command = plan

  variables {
    ledger_prefix = "batches"
  }

  expect_failures = [var.ledger_prefix]
}

run "rejects_expiry_at_once" {
  command = plan

  variables {
    retention = { expire = { "rows/" = 0 } }
  }

  expect_failures = [var.retention]
}
