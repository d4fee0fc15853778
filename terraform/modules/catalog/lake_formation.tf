# Only where the account's default, which leaves the catalog to IAM, is switched off.
locals {
  grants = var.lake_formation ? {
    for pair in setproduct(keys(var.tables), concat(
      [for name, role in var.writers : { name = name, role = role, may = ["ALTER", "DESCRIBE", "INSERT", "SELECT"] }],
      [for name, role in var.readers : { name = name, role = role, may = ["DESCRIBE", "SELECT"] }],
    )) : "${pair[0]}/${pair[1].name}" => { table = pair[0], role = pair[1].role, may = pair[1].may }
  } : {}
}

resource "aws_lakeformation_permissions" "database" {
  for_each = var.lake_formation ? merge(var.writers, var.readers) : {}

  principal   = each.value
  permissions = ["DESCRIBE"]

  database {
    name = aws_glue_catalog_database.this.name
  }
}

resource "aws_lakeformation_permissions" "table" {
  for_each = local.grants

  principal   = each.value.role
  permissions = each.value.may

  table {
    database_name = aws_glue_catalog_database.this.name
    name          = aws_glue_catalog_table.this[each.value.table].name
  }
}
