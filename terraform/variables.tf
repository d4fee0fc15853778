variable "access_logs" {
  description = "Whether S3 access logs of every bucket go to the logs bucket."
  type        = bool
  default     = true
  nullable    = false
}

variable "athena" {
  description = "Whether there is an Athena workgroup for queries on gold."
  type        = bool
  default     = true
  nullable    = false
}

variable "build_dir" {
  description = "Folder of the artifacts that scripts/build.py writes, absolute or relative to this one."
  type        = string
  default     = "../build"
  nullable    = false
}

variable "environment" {
  description = "Stage, part of every name."
  type        = string
  default     = "dev"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,9}$", var.environment))
    error_message = "The environment is 1 to 10 lower case letters and digits and starts with a letter, as in \"prod\"."
  }
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may drop buckets that still hold data."
  type        = bool
  default     = false
  nullable    = false
}

variable "glue_log_group_prefix" {
  description = "Prefix of the job's log groups; null makes groups of the job's own."
  type        = string
  default     = null
}

variable "glue_max_concurrent_runs" {
  description = "Runs of the job at the same time; further batches wait for the reconciler."
  type        = number
  default     = 3
  nullable    = false
}

variable "glue_timeout_in_minutes" {
  description = "Minutes after which a run is stopped."
  type        = number
  default     = 60
  nullable    = false
}

variable "glue_worker_count" {
  description = "Workers of a run, the driver's included."
  type        = number
  default     = 2
  nullable    = false
}

variable "glue_worker_type" {
  description = "Size of a worker."
  type        = string
  default     = "G.1X"
  nullable    = false
}

variable "kms_deletion_window_in_days" {
  description = "Days for which a deleted key can still be brought back."
  type        = number
  default     = 30
  nullable    = false
}

variable "kms_key_arn" {
  description = "Existing key to encrypt everything with; null makes one. Its policy must admit what modules/kms_key grants."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$", var.kms_key_arn))
    error_message = "The key is given by its ARN (arn:aws:kms:<region>:<account>:key/<id>), not by id or alias; null makes one."
  }
}

variable "lambda_timeout" {
  description = "Seconds after which a function is stopped."
  type        = number
  default     = 150
  nullable    = false

  validation {
    condition     = var.lambda_timeout >= 10 && var.lambda_timeout < local.contract.gate.claim_stale_seconds
    error_message = "The timeout lies from 10 s to below gate.claim_stale_seconds of config/pipeline.yaml, so that the owner of a stale claim is surely dead."
  }
}

variable "lifecycle_rules" {
  description = "Whether buckets expire what is no longer needed."
  type        = bool
  default     = true
  nullable    = false
}

variable "log_retention_in_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365
  nullable    = false
}

variable "notification_emails" {
  description = "Addresses that alarms are sent to; each one has to confirm."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds every role; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "The permissions boundary is the ARN of a policy (arn:aws:iam::<account>:policy/<name>); null for none."
  }
}

variable "publish_in_minutes" {
  description = "Minutes after which a complete batch that is not published raises an alarm."
  type        = number
  default     = 120
  nullable    = false
}

variable "quarantine_retention_in_days" {
  description = "Days for which rejected rows are kept; records of rejected files stay."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.quarantine_retention_in_days >= 1
    error_message = "Rejected rows are kept for 1 day or longer."
  }
}

variable "reconciler_reserved_concurrency" {
  description = "Concurrent runs of the reconciler that are set aside for it and cap it; null leaves it in the account's pool."
  type        = number
  default     = null

  validation {
    condition     = var.reconciler_reserved_concurrency == null || try(var.reconciler_reserved_concurrency >= 0, false)
    error_message = "Reserved concurrency is 0 (paused) or more; null leaves the function in the account's pool."
  }
}

variable "reconciler_schedule" {
  description = "How often the reconciler looks for interrupted batches."
  type        = string
  default     = "rate(5 minutes)"
  nullable    = false
}

variable "region" {
  description = "Region to deploy to; null takes it from the environment (AWS_REGION)."
  type        = string
  default     = null
}

variable "require_tls" {
  description = "Whether buckets and queues refuse requests that come over plain http."
  type        = bool
  default     = true
  nullable    = false
}

variable "sdk_environment" {
  description = "Settings of the AWS SDK inside the functions; AWS itself needs none."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.sdk_environment) : startswith(name, "AWS_ENDPOINT_URL")])
    error_message = "Only endpoints are set from outside: AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE>."
  }
}

variable "spark_conf" {
  description = "Spark settings of the job's runs."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource, besides Project, Environment and ManagedBy."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "validator_reserved_concurrency" {
  description = "Concurrent runs of the validator that are set aside for it and cap it; null leaves it in the account's pool."
  type        = number
  default     = null

  validation {
    condition     = var.validator_reserved_concurrency == null || try(var.validator_reserved_concurrency >= 0, false)
    error_message = "Reserved concurrency is 0 (paused) or more; null leaves the function in the account's pool."
  }
}
