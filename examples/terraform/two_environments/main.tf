# Two environments of one account, and the second of them in a second region as well.
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

provider "aws" {
  alias  = "frankfurt"
  region = "eu-central-1"
}

module "dev" {
  source = "../../../terraform"

  environment           = "dev"
  force_destroy         = true
  key                   = { deletion_window_in_days = 7 }
  log_retention_in_days = 7
}

module "prod" {
  source = "../../../terraform"

  alarms      = { emails = ["data-on-call@example.org"] }
  environment = "prod"
  buckets     = { retention_in_days = { bronze = 400, silver = 400 } }
}

# What is global ends in the region, so that it does not meet that of the first.
module "prod_frankfurt" {
  source    = "../../../terraform"
  providers = { aws = aws.frankfurt }

  alarms          = { emails = ["data-on-call@example.org"] }
  environment     = "prod"
  region_in_names = true
}

output "bronze_buckets" {
  description = "Where producers of each environment put their files."
  value       = [module.dev.bronze_bucket, module.prod.bronze_bucket, module.prod_frankfurt.bronze_bucket]
}
