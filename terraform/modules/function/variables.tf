variable "buckets" {
  description = "Buckets by layer, of which the function is told."
  type        = map(string)
  nullable    = false
}

variable "common" {
  description = "What all functions of a stack have alike, but for keys that are made at the same time: days for which logs are kept, namespace of metrics, network, boundary and end of roles' names, key of queues (an alias does not wait for its key), whether queues refuse plain http, where ARNs lie, settings of the SDK, tags."
  type = object({
    log_retention_in_days = optional(number, 365)
    metric_namespace      = string
    network = optional(object({
      availability_zone  = string
      security_group_ids = list(string)
      subnet_ids         = list(string)
    }))
    permissions_boundary = optional(string)
    queue_key            = string
    require_tls          = optional(bool, true)
    role_suffix          = optional(string, "")
    scope = object({
      account_id = string
      dns_suffix = optional(string, "amazonaws.com")
      partition  = string
      region     = string
    })
    sdk_environment = optional(map(string), {})
    tags            = optional(map(string), {})
  })
  nullable = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.common.log_retention_in_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, … 3653 days."
  }
}

variable "description" {
  description = "What the function is for."
  type        = string
  nullable    = false
}

variable "encrypted" {
  description = "Layers whose objects the function encrypts and decrypts, by way of S3 alone."
  type        = set(string)
  nullable    = false
}

variable "engines" {
  description = "Job that the function starts and follows, and function that it calls where there is one; null where it starts nothing."
  type = object({
    function = optional(string)
    job      = string
  })
  default = null
}

variable "failure_function" {
  description = "Function that is called with each event that failed for good, whose queue then holds the bare event; null where the queue alone is told."
  type        = string
  default     = null
}

variable "handler" {
  description = "Python path of the handler."
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

variable "limits" {
  description = "What a call has (room below /tmp and memory in MiB, concurrent runs set aside, seconds) and an event: seconds after which one that waits is given up, and how often one is tried again that the function has failed on."
  type = object({
    ephemeral_storage    = optional(number, 512)
    event_age_in_seconds = optional(number, 21600)
    memory_size          = number
    reserved_concurrency = optional(number)
    retry_attempts       = optional(number, 2)
    timeout              = number
  })
  nullable = false

  validation {
    condition     = var.limits.ephemeral_storage >= 512 && var.limits.ephemeral_storage <= 10240
    error_message = "Lambda gives 512 to 10240 MiB of ephemeral storage."
  }

  validation {
    condition     = var.limits.event_age_in_seconds >= 60 && var.limits.event_age_in_seconds <= 21600
    error_message = "Lambda keeps an event for 60 to 21600 s."
  }

  validation {
    condition     = var.limits.memory_size >= 128 && var.limits.memory_size <= 10240
    error_message = "Lambda gives 128 to 10240 MiB of memory."
  }

  validation {
    condition     = var.limits.reserved_concurrency == null || try(var.limits.reserved_concurrency >= 0, false)
    error_message = "Reserved concurrency is 0 (paused) or more; null leaves the function in the account's pool."
  }

  validation {
    condition     = contains([0, 1, 2], var.limits.retry_attempts)
    error_message = "Lambda tries an event again 0, 1 or 2 times."
  }

  validation {
    condition     = var.limits.timeout >= 1 && var.limits.timeout <= 900
    error_message = "Lambda runs for 1 to 900 s."
  }
}

variable "name" {
  description = "Name of function, log group and queue, and the beginning of the role's."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,62}[a-z0-9]$", var.name))
    error_message = "The name is 2 to 64 lower case letters, digits and hyphens and starts with a letter; shorten project or environment."
  }

  validation {
    condition     = length("${var.name}${var.common.role_suffix}") <= 64
    error_message = "The role's name is too long once the region is in it: 64 letters at most; shorten project or environment."
  }
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

variable "policy" {
  description = "JSON policy of what the function does alone; what functions have in common is added here."
  type        = string
  nullable    = false
}

variable "rule_arns" {
  description = "Rules that may send to the queue what they could not deliver."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "tables" {
  description = "Catalog database and tables whose partitions the function flips; null for none."
  type = object({
    database = string
    names    = list(string)
  })
  default = null
}
