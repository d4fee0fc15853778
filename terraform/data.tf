data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# Every name waits for the region, so that nothing is planned from a build that is missing or stale.
data "aws_region" "current" {
  lifecycle {
    precondition {
      condition     = local.manifest != null
      error_message = "There is no build in ${local.build}: run `make build` (with PROJECT=<folder> for a project of your own), or name the folder of one in build_dir."
    }

    precondition {
      condition     = local.manifest == null || length(local.changed_artifacts) == 0
      error_message = "The build in ${local.build} is not whole: run `make build` again. Missing or not as its manifest.json says: ${join(", ", local.changed_artifacts)}."
    }

    precondition {
      condition     = local.manifest == null || length(local.changed_sources) == 0
      error_message = "The build in ${local.build} is stale: run `make build` again. Changed since it was made: ${join(", ", local.changed_sources)}."
    }
  }
}
