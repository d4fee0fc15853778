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

variable "lake_formation" {
  description = "Whether Lake Formation decides on access; the writers and readers then get their grants here."
  type        = bool
  default     = false
  nullable    = false
}

variable "logs_bucket" {
  description = "Bucket of query results, below `athena/`."
  type        = string
  nullable    = false
}

variable "readers" {
  description = "Roles that may query the tables, for Lake Formation, by name."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "tables" {
  description = "Published tables by name, as the resolved contract has them."
  type = map(object({
    columns     = list(object({ name = string, type = string, description = optional(string, "") }))
    description = optional(string, "")
    partitions  = optional(list(object({ name = string, type = string, description = optional(string, "") })), [{ name = "batch_id", type = "string", description = "Batch" }])
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

variable "tags" {
  description = "Tags of everything that takes some."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "workgroup" {
  description = "Name of the Athena workgroup; null makes none."
  type        = string
  default     = null
}

variable "writers" {
  description = "Roles that publish partitions, for Lake Formation, by name."
  type        = map(string)
  default     = {}
  nullable    = false
}
