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

variable "scope" {
  description = "Where ARNs lie."
  type = object({
    account_id = string
    partition  = string
    region     = string
  })
  nullable = false
}
