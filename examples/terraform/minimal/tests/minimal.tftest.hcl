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

run "needs_nothing_but_a_build" {
  command = plan

  assert {
    condition     = endswith(output.lake.bronze_bucket, "-dev-bronze-111122223333")
    error_message = "Everything has a default."
  }
}
