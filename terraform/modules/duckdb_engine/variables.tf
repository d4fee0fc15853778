variable "buckets" {
  description = "Buckets by layer."
  type = object({
    control    = string
    gold       = string
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
  description = "What a run has: room below /tmp to spill to and memory in MiB (processor comes with it), concurrent runs set aside, which is also their cap (null: the pool of the account), seconds."
  type = object({
    ephemeral_storage    = optional(number, 10240)
    memory_size          = optional(number, 3008)
    reserved_concurrency = optional(number)
    timeout              = optional(number, 900)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.limits.memory_size >= 1024 && var.limits.memory_size <= 10240
    error_message = "DuckDB is given 1024 to 10240 MiB: below that it spills before it computes, and Lambda gives no more."
  }

  validation {
    condition     = var.limits.timeout >= 60 && var.limits.timeout <= 900
    error_message = "A run is stopped after 60 to 900 s, the longest that Lambda runs."
  }
}

variable "name" {
  description = "Name of the function and what belongs to it."
  type        = string
  nullable    = false
}

variable "package" {
  description = "Path of the zip; scripts/build.py writes it."
  type        = string
  nullable    = false
}

variable "reconciler_function" {
  description = "Function that is told of runs that failed."
  type        = string
  nullable    = false
}

variable "tables" {
  description = "Published tables, the first one first, each also a folder in gold, and their catalog database."
  type = object({
    database = string
    names    = list(string)
  })
  nullable = false

  validation {
    condition     = length(var.tables.names) > 0
    error_message = "There is at least one gold table: write sql/marts/<table>.sql and name it in the contract."
  }
}
