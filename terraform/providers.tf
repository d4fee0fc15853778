provider "aws" {
  region = var.region

  default_tags {
    tags = merge({
      Project     = local.contract.project
      Environment = var.environment
      ManagedBy   = "terraform"
    }, var.tags)
  }
}
