variable "bronze_bucket" {
  description = "Bucket that producers put files into."
  type        = string
  nullable    = false
}

variable "glue_database" {
  description = "Catalog database of the published tables."
  type        = string
  nullable    = false
}

variable "glue_tables" {
  description = "Published tables, the first one first; each is also a folder in gold."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.glue_tables) > 0
    error_message = "There is at least one gold table: write sql/marts/<table>.sql and name it in the contract."
  }
}

variable "gold_bucket" {
  description = "Bucket of published Parquet."
  type        = string
  nullable    = false
}

variable "keys" {
  description = "Keys: that of everything, that of the account's catalog where it has one, and earlier ones, which are only decrypted with."
  type = object({
    catalog_key_arn  = optional(string)
    earlier_key_arns = optional(set(string), [])
    kms_key_arn      = string
  })
  nullable = false
}

variable "logs_bucket" {
  description = "Bucket of query results, below `athena/`."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Prefix of both policies, with the region where names hold it."
  type        = string
  nullable    = false
}

variable "scope" {
  description = "Where ARNs lie."
  type = object({
    account_id = string
    dns_suffix = optional(string, "amazonaws.com")
    partition  = string
    region     = string
  })
  nullable = false
}

variable "tags" {
  description = "Tags of everything that takes some."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "workgroup" {
  description = "Athena workgroup that readers use; null where there is none."
  type        = string
  default     = null
}
