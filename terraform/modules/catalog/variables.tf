variable "bytes_scanned_limit" {
  description = "Bytes after which Athena stops a query."
  type        = number
  default     = 107374182400
  nullable    = false

  validation {
    condition     = var.bytes_scanned_limit >= 10485760
    error_message = "Athena's smallest limit is 10485760 bytes (10 MiB)."
  }
}

variable "database" {
  description = "Name of the catalog database."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,254}$", var.database))
    error_message = "A database name is lower case letters, digits and _ and starts with a letter; Athena reads no hyphens."
  }
}

variable "force_destroy" {
  description = "Whether the workgroup may be destroyed with queries in it."
  type        = bool
  default     = false
  nullable    = false
}

variable "gold_bucket" {
  description = "Bucket of the tables."
  type        = string
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key of query results."
  type        = string
  nullable    = false
}

variable "logs_bucket" {
  description = "Bucket of query results, below `athena/`."
  type        = string
  nullable    = false
}

variable "tables" {
  description = "Published tables by name, as in config/pipeline.yaml."
  type = map(object({
    columns     = list(object({ name = string, type = string, description = string }))
    description = string
    partitions  = list(object({ name = string, type = string, description = string }))
  }))
  nullable = false

  validation {
    condition     = alltrue([for table in values(var.tables) : length(table.columns) > 0])
    error_message = "Every table has columns."
  }

  validation {
    condition = alltrue([
      for table in values(var.tables) : length(setintersection(table.columns[*].name, table.partitions[*].name)) == 0
    ])
    error_message = "A partition is not a column too: Athena would find it twice."
  }
}

variable "workgroup" {
  description = "Name of the Athena workgroup; null makes none."
  type        = string
  default     = null
}
