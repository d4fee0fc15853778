provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "frankfurt"
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.dev.data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.prod.data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = module.prod_frankfurt.data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

run "meet_in_no_name_that_is_global" {
  command = plan

  assert {
    condition     = length(toset(output.bronze_buckets)) == 3 && endswith(output.bronze_buckets[2], "-prod-bronze-111122223333-eu-central-1")
    error_message = "Buckets of two environments and two regions differ."
  }
}
