provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.lake.data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

run "changes_nothing_that_was_there" {
  command = plan

  assert {
    condition     = output.lake.bronze_bucket == "example-landing-zone" && output.lake.kms_key_arn == "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    error_message = "Bucket and key are the given ones."
  }

  assert {
    condition     = toset(keys(jsondecode(output.bucket_policies))) == toset(["bronze", "logs"])
    error_message = "What the existing buckets should deny is said."
  }
}
