# What `make build` has written is all that is read: the resolved contract, and hashes that tell whether it is whole and current.
locals {
  build    = coalesce(var.build_dir, "${path.module}/../build")
  manifest = try(jsondecode(file("${local.build}/manifest.json")), null)

  # Without a build the plan ends in data.tf; this keeps its one sentence from drowning in others.
  nothing = {
    project     = "none"
    datasets    = { none = {} }
    gate        = { claim_stale_seconds = 900, deadline_minutes = 60 }
    gold_tables = { none = { columns = [{ name = "none", type = "string" }] } }
  }
  contract = try(jsondecode(file("${local.build}/pipeline.json")), local.nothing)

  artifacts = {
    for role, name in {
      duckdb    = "duckdb.zip"
      functions = "lambda.zip"
      packages  = "glue_jobs.zip"
      script    = "job.py"
    } : role => fileexists("${local.build}/${name}") ? "${local.build}/${name}" : "${path.module}/build.tf"
  }

  changed_artifacts = [
    for name, hash in try(local.manifest.artifacts, {}) : name if try(filesha256("${local.build}/${name}"), "") != hash
  ]

  # Sources that are not there are not asked for: a build may be carried to another machine.
  sources = {
    for source in try(local.manifest.sources, []) :
    "${source.folder}/${source.pattern}" => merge(source, { path = startswith(source.folder, "/") ? source.folder : "${local.build}/${source.folder}" })
  }
  changed_sources = [
    for name, source in local.sources : name
    if length(fileset(source.path, source.pattern)) > 0 && source.sha256 != sha256(join("", [
      for file in fileset(source.path, source.pattern) : "${file} ${filesha256("${source.path}/${file}")}\n"
    ]))
  ]

  # JSON objects have no order here: the first table is that of the list where there is one.
  gold_tables = try(tolist(local.contract.gold_table_names), keys(local.contract.gold_tables))
}
