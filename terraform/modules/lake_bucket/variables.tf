variable "access_log_target" {
  description = "Whether S3 delivers access logs of other buckets under `access/` here."
  type        = bool
  default     = false
  nullable    = false
}

variable "create" {
  description = "Whether the bucket is made here; an existing one is left as it is, and what it should deny is in the output `policy`."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Whether the bucket may be destroyed with objects in it."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key of every object; null leaves encryption to S3's own key."
  type        = string
  default     = null
}

variable "ledger_prefix" {
  description = "Prefix below which nobody may delete or write unconditionally; null protects none."
  type        = string
  default     = null

  validation {
    condition     = var.ledger_prefix == null || can(regex("^[a-z0-9_-]+/$", var.ledger_prefix))
    error_message = "The ledger prefix is one folder with a trailing slash, as in \"batches/\"."
  }
}

variable "log_bucket" {
  description = "Bucket that gets the access logs; null writes none."
  type        = string
  default     = null
}

variable "name" {
  description = "Name of the bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket name has 3 to 63 lower case letters, digits and hyphens, no hyphen first or last, the region's included where names end in it: shorten project or environment."
  }
}

variable "producers" {
  description = "Roles of other accounts that may put objects here."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "require_tls" {
  description = "Whether requests over plain http are refused."
  type        = bool
  default     = true
  nullable    = false
}

variable "retention" {
  description = "What is dropped when: unfinished uploads, replaced versions, and objects below prefixes (prefix to days; an empty one is all of them); null drops nothing."
  type = object({
    abort_multipart_days = optional(number, 3)
    expire               = optional(map(number), {})
    noncurrent_days      = optional(number, 30)
  })
  default = {}

  validation {
    condition     = var.retention == null || alltrue([for days in values(try(var.retention.expire, {})) : days >= 1])
    error_message = "Objects expire after 1 day or later."
  }
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
