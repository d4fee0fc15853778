variable "bronze_events" {
  description = "How bronze tells of new files: by its \"notification\", which then is this one alone, or by \"eventbridge\"."
  type        = string
  default     = "notification"
  nullable    = false

  validation {
    condition     = contains(["notification", "eventbridge"], var.bronze_events)
    error_message = "Bronze tells of new files by its \"notification\", or by \"eventbridge\" where others listen to the bucket too."
  }
}

variable "buckets" {
  description = "Buckets by layer."
  type = object({
    bronze     = string
    control    = string
    quarantine = string
    silver     = string
  })
  nullable = false
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
}

variable "datasets" {
  description = "Datasets of the contract; each is a folder in silver."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.datasets) > 0
    error_message = "There is at least one dataset."
  }
}

variable "engines" {
  description = "Job that computes gold, and function that does so of small batches where there is one."
  type = object({
    function = optional(string)
    job      = string
  })
  nullable = false
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
  description = "What a call has: memory in MiB (processor comes with it), concurrent runs set aside, which is also their cap (null: the pool of the account), seconds."
  type = object({
    memory_size          = optional(number, 1769)
    reserved_concurrency = optional(number)
    timeout              = optional(number, 150)
  })
  default  = {}
  nullable = false
}

variable "name" {
  description = "Name of the function and what belongs to it."
  type        = string
  nullable    = false
}

variable "own_bucket" {
  description = "Whether bronze is made here, so that it may be told to tell EventBridge."
  type        = bool
  default     = true
  nullable    = false
}

variable "package" {
  description = "Path of the zip; scripts/build.py writes it."
  type        = string
  nullable    = false
}
