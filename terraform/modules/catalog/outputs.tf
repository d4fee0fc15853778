output "database" {
  description = "Name of the catalog database."
  value       = aws_glue_catalog_database.this.name
}

output "tables" {
  description = "Names of the tables, by name in the contract."
  value       = { for name, table in aws_glue_catalog_table.this : name => table.name }
}

output "workgroup" {
  description = "Name of the Athena workgroup, if there is one."
  value       = one(aws_athena_workgroup.this[*].name)
}
