variable "buckets" {
  description = "Buckets whose objects the function encrypts and decrypts, by way of S3 alone."
  type        = set(string)
  nullable    = false
}

variable "catalog_key_arn" {
  description = "Key that the account encrypts its Glue catalog with; null where it does not."
  type        = string
  default     = null
}

variable "description" {
  description = "What the function is for."
  type        = string
  nullable    = false
}

variable "earlier_key_arns" {
  description = "Keys that objects were encrypted with before; they are only decrypted with."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "environment" {
  description = "Environment of the function."
  type        = map(string)
  nullable    = false
}

variable "ephemeral_storage" {
  description = "Room below /tmp in MiB."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.ephemeral_storage >= 512 && var.ephemeral_storage <= 10240
    error_message = "Lambda gives 512 to 10240 MiB of ephemeral storage."
  }
}

variable "event_age_in_seconds" {
  description = "Seconds after which an event that waits is given up."
  type        = number
  default     = 21600
  nullable    = false

  validation {
    condition     = var.event_age_in_seconds >= 60 && var.event_age_in_seconds <= 21600
    error_message = "Lambda keeps an event for 60 to 21600 s."
  }
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

variable "network" {
  description = "Subnets and security groups to run in; null is none."
  type = object({
    availability_zone  = string
    security_group_ids = list(string)
    subnet_ids         = list(string)
  })
  default = null
}

variable "package" {
  description = "Path of the zip; scripts/build.py writes it."
  type        = string
  nullable    = false
}

variable "package_bucket" {
  description = "Bucket through which the package is handed over, below `artifacts/`, as one beyond 50 MB has to be; null sends it along."
  type        = string
  default     = null
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

variable "retry_attempts" {
  description = "How often the platform tries an event again that the function has failed on."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = contains([0, 1, 2], var.retry_attempts)
    error_message = "Lambda tries an event again 0, 1 or 2 times."
  }
}

variable "role_name" {
  description = "Name of the role, which is global in the account; null is that of the function."
  type        = string
  default     = null

  validation {
    condition     = var.role_name == null || can(regex("^[a-zA-Z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "A role's name has 64 characters at most, the region's included where names end in it: shorten project or environment."
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

variable "timeout" {
  description = "Seconds after which a run is stopped."
  type        = number
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900
    error_message = "Lambda runs for 1 to 900 s."
  }
}
