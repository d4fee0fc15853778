# Same code, same key. A run reads its artifacts while it starts, so those of releases that are named stay.
locals {
  artifacts = {
    packages = { path = var.packages, hash = filesha256(var.packages) }
    script   = { path = var.script, hash = filesha256(var.script) }
  }
  release = substr(sha256(join("", [for artifact in values(local.artifacts) : artifact.hash])), 0, 12)

  releases = setunion([local.release], var.keep_releases)
  objects = merge([
    for release in local.releases : {
      for name, artifact in local.artifacts : "${release}/${name}" => merge(artifact, { release = release })
    }
  ]...)
}

resource "aws_s3_object" "artifact" {
  for_each = local.objects

  bucket      = var.control_bucket
  key         = "artifacts/${each.value.release}/${basename(each.value.path)}"
  source      = each.value.path
  source_hash = each.value.hash

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [source, source_hash] # an earlier release is what it was
  }
}
