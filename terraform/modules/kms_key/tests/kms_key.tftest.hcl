provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  alias = "lake"
  scope = {
    account_id = "111122223333"
    partition  = "aws"
    region     = "eu-west-1"
  }
}

run "rotates_and_can_be_brought_back_for_a_month" {
  command = plan

  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_key.this[0].deletion_window_in_days == 30
    error_message = "The key rotates and its deletion can be undone for 30 days."
  }

  assert {
    condition     = aws_kms_alias.this[0].name == "alias/lake"
    error_message = "The alias is the given name."
  }
}

run "admits_services_only_on_behalf_of_this_account" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement :
      strcontains(jsonencode(statement.Condition), "111122223333") if statement.Sid != "AdministeredByAccount"
    ])
    error_message = "Every service statement has a condition on the account."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement :
      alltrue([for action in flatten([statement.Action]) : !strcontains(action, "*")]) if statement.Sid != "AdministeredByAccount"
    ])
    error_message = "Services get no wildcard action."
  }
}

run "is_administered_by_its_account_alone" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement :
      statement.Principal if contains(keys(statement.Principal), "AWS")
    ] == [{ AWS = "arn:aws:iam::111122223333:root" }]
    error_message = "No principal but the account administers the key."
  }
}

run "is_used_by_producers_of_other_accounts_only_through_s3" {
  command = plan

  variables {
    producers = ["arn:aws:iam::444455556666:role/shop"]
  }

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.key.json).Statement : statement.Sid => try(statement.Condition, null)
    }["UsedByProducers"] == { StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } }
    error_message = "Their use of the key goes through S3."
  }
}

run "makes_no_key_beside_an_existing_one" {
  command = plan

  variables {
    existing_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = length(aws_kms_key.this) == 0 && output.arn == var.existing_arn && length(output.kept_arns) == 0
    error_message = "The existing key is used alone."
  }
}

run "rejects_alias_with_its_prefix" {
  command = plan

  variables {
    alias = "alias/lake"
  }

  expect_failures = [var.alias]
}

run "rejects_alias_of_amazon" {
  command = plan

  variables {
    alias = "aws-lake"
  }

  expect_failures = [var.alias]
}

run "rejects_window_below_a_week" {
  command = plan

  variables {
    deletion_window_in_days = 6
  }

  expect_failures = [var.deletion_window_in_days]
}

run "rejects_window_above_a_month" {
  command = plan

  variables {
    deletion_window_in_days = 31
  }

  expect_failures = [var.deletion_window_in_days]
}
