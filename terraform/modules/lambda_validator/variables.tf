variable "bronze_bucket" {
  description = "Bucket that producers put files into."
  type        = string
  nullable    = false
}

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

variable "control_bucket" {
  description = "Bucket of the ledger."
  type        = string
  nullable    = false
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

variable "duckdb_function" {
  description = "Function that computes small batches; null where there is none."
  type        = string
  default     = null
}

variable "earlier_key_arns" {
  description = "Keys that objects were encrypted with before; they are only decrypted with."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "glue_job" {
  description = "Job that is started for a complete batch."
  type        = string
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key that encrypts buckets, logs and dead letters."
  type        = string
  nullable    = false
}

variable "log_retention_in_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365
  nullable    = false
}

variable "memory_size" {
  description = "Memory in MiB; more also means more processor."
  type        = number
  default     = 1769
  nullable    = false
}

variable "metric_namespace" {
  description = "Namespace of what the function measures."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Name of the function and what belongs to it."
  type        = string
  nullable    = false
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

variable "permissions_boundary" {
  description = "Policy that bounds the role; null for none."
  type        = string
  default     = null
}

variable "quarantine_bucket" {
  description = "Bucket of rejection records."
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
}

variable "role_name" {
  description = "Name of the role, which is global in the account; null is that of the function."
  type        = string
  default     = null
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

variable "sdk_environment" {
  description = "Settings of the AWS SDK inside the function, such as AWS_ENDPOINT_URL_GLUE."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "silver_bucket" {
  description = "Bucket of accepted file versions."
  type        = string
  nullable    = false
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
  default     = 150
  nullable    = false
}
