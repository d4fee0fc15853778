variable "buckets" {
  description = "Buckets whose objects the function encrypts and decrypts, by way of S3 alone."
  type        = set(string)
  nullable    = false
}

variable "description" {
  description = "What the function is for."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "Environment of the function."
  type        = map(string)
  nullable    = false
}

variable "handler" {
  description = "Python path of the handler."
  type        = string
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key of logs, environment and dead letters."
  type        = string
  nullable    = false
}

variable "log_retention_in_days" {
  description = "Days for which logs are kept."
  type        = number
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, … 3653 days."
  }
}

variable "memory_size" {
  description = "Memory in MiB."
  type        = number
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240
    error_message = "Lambda gives 128 to 10240 MiB."
  }
}

variable "name" {
  description = "Name of function, role, log group and queue."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,62}[a-z0-9]$", var.name))
    error_message = "The name is 2 to 64 lower case letters, digits and hyphens and starts with a letter; shorten project or environment."
  }
}

variable "package" {
  description = "Path of the zip; scripts/build.py writes it."
  type        = string
  nullable    = false
}

variable "permissions_boundary" {
  description = "Policy that bounds the role; null for none."
  type        = string
  default     = null
}

variable "policy" {
  description = "JSON policy of what the function does; logs, traces, dead letters and the use of the key are added here."
  type        = string
  nullable    = false
}

variable "queue_key" {
  description = "Key of dead letters: its ARN, or its alias where the key is made at the same time."
  type        = string
  nullable    = false
}

variable "require_tls" {
  description = "Whether the queue refuses requests over plain http."
  type        = bool
  default     = true
  nullable    = false
}

variable "reserved_concurrency" {
  description = "Concurrent runs set aside, which is also the cap; null leaves the function in the account's pool."
  type        = number
  default     = null

  validation {
    condition     = var.reserved_concurrency == null || try(var.reserved_concurrency >= 0, false)
    error_message = "Reserved concurrency is 0 (paused) or more; null leaves the function in the account's pool."
  }
}

variable "rule_arns" {
  description = "EventBridge rules that may send what they could not deliver."
  type        = list(string)
  default     = []
  nullable    = false
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

variable "timeout" {
  description = "Seconds after which a run is stopped."
  type        = number
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900
    error_message = "Lambda runs for 1 to 900 s."
  }
}
