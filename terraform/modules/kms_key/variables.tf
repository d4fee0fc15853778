variable "alias" {
  description = "Alias of the key, without `alias/`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,200}$", var.alias)) && !startswith(var.alias, "aws")
    error_message = "The alias is letters, digits, _ and -, does not start with \"aws\" and leaves out \"alias/\"."
  }
}

variable "deletion_window_in_days" {
  description = "Days for which the deleted key can still be brought back."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_window_in_days >= 7 && var.deletion_window_in_days <= 30
    error_message = "KMS keeps a deleted key for 7 to 30 days."
  }
}

variable "existing_arn" {
  description = "Existing key to use; null makes one."
  type        = string
  default     = null
}

variable "keep_own" {
  description = "Whether the key that was made here stays although an existing one is used now."
  type        = bool
  default     = false
  nullable    = false
}

variable "producers" {
  description = "Roles of other accounts that encrypt what they deliver, by way of S3."
  type        = set(string)
  default     = []
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
