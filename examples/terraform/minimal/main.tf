# The least: everything by its default, in one region.
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
}

output "lake" {
  description = "Names of what was made, as `lakegate` wants them."
  value       = module.lake
}
