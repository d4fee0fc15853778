# In an account that has its own key, landing zone, network, boundary and pager.
terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "lake" {
  source = "../../../terraform"

  access = {
    producers = ["arn:aws:iam::444455556666:role/shop"]
    readers   = ["arn:aws:iam::111122223333:role/analyst"]
  }
  alarms = {
    topic_arns = ["arn:aws:sns:eu-west-1:111122223333:pager"]
  }
  buckets = {
    bronze_events = "eventbridge" # others listen to the landing zone, too
    existing      = { bronze = "example-landing-zone", logs = "example-access-logs" }
  }
  catalog = {
    kms_key_arn    = "arn:aws:kms:eu-west-1:111122223333:key/22222222-2222-3333-4444-555555555555"
    lake_formation = true
  }
  environment = "prod"
  glue = {
    auto_scaling = true
    spark_ui     = true
    worker_count = 10
  }
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  network = {
    availability_zone  = "eu-west-1a"
    security_group_ids = ["sg-0123456789abcdef0"]
    subnet_ids         = ["subnet-0123456789abcdef0"]
  }
  permissions_boundary = "arn:aws:iam::111122223333:policy/commerce-boundary"
  tags                 = { CostCenter = "4711" }
}

output "bucket_policies" {
  description = "What the owners of the existing buckets add to their policies."
  value       = module.lake.bucket_policies
}

output "lake" {
  description = "Names of what was made, as `lakegate` wants them."
  value       = module.lake
}
