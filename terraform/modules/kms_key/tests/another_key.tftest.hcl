# A stack that lives: mocks let it be applied without an account.
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-3333-4444-555555555555" }
  }
}

variables {
  alias = "lake"
  scope = {
    account_id = "111122223333"
    partition  = "aws"
    region     = "eu-west-1"
  }
}

run "makes_a_key_of_its_own" {
  command = apply

  assert {
    condition     = length(aws_kms_key.this) == 1
    error_message = "Without another key one is made."
  }
}

run "never_deletes_its_key_because_another_is_named" {
  command = plan

  variables {
    existing_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  }

  expect_failures = [terraform_data.own]
}

run "keeps_its_key_for_what_was_written_with_it" {
  command = plan

  variables {
    existing_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    keep_own     = true
  }

  assert {
    condition     = output.arn == var.existing_arn && output.kept_arns == tolist(["arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-3333-4444-555555555555"])
    error_message = "New things are encrypted with the named key, old ones stay readable."
  }
}
