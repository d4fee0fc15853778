variable "bronze_bucket" {
  description = "Bucket that producers put files into."
  type        = string
  nullable    = false
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

variable "glue_database" {
  description = "Catalog database of the published table."
  type        = string
  nullable    = false
}

variable "glue_job" {
  description = "Job that computes gold."
  type        = string
  nullable    = false
}

variable "glue_table" {
  description = "Published table; also its folder in gold."
  type        = string
  nullable    = false
}

variable "gold_bucket" {
  description = "Bucket of published Parquet."
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
  default     = 512
  nullable    = false
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

variable "schedule" {
  description = "How often interrupted batches are looked for."
  type        = string
  default     = "rate(5 minutes)"
  nullable    = false

  validation {
    condition     = can(regex("^(rate|cron)\\(.+\\)$", var.schedule))
    error_message = "The schedule is an EventBridge expression, as in \"rate(5 minutes)\" or \"cron(0/5 * * * ? *)\"."
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

variable "timeout" {
  description = "Seconds after which a run is stopped."
  type        = number
  default     = 150
  nullable    = false
}
