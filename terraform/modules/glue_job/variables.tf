variable "auto_scaling" {
  description = "Whether Glue takes fewer workers than worker_count while fewer have work."
  type        = bool
  default     = false
  nullable    = false
}

variable "control_bucket" {
  description = "Bucket of ledger and artifacts."
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

variable "execution_class" {
  description = "STANDARD starts at once; FLEX is cheaper and waits for spare capacity."
  type        = string
  default     = "STANDARD"
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "FLEX"], var.execution_class)
    error_message = "The execution class is STANDARD or FLEX."
  }
}

variable "glue_database" {
  description = "Catalog database of the published table."
  type        = string
  nullable    = false
}

variable "glue_tables" {
  description = "Published tables, the first one first; each is also a folder in gold."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.glue_tables) > 0
    error_message = "There is at least one gold table: write sql/marts/<table>.sql and name it in the contract."
  }
}

variable "glue_version" {
  description = "Glue's version: 5.1 is Spark 3.5, 6.0 is Spark 4.1."
  type        = string
  default     = "5.1"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+[.][0-9]+$", var.glue_version)) && try(tonumber(var.glue_version) >= 5.1, false)
    error_message = "Glue is 5.1 or newer: the boto3 of earlier ones knows no conditional put, on which the fence of a run rests."
  }
}

variable "gold_bucket" {
  description = "Bucket of published Parquet."
  type        = string
  nullable    = false
}

variable "keep_releases" {
  description = "Releases (output `release` before an upgrade) whose artifacts stay for runs that are starting."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for release in var.keep_releases : can(regex("^[0-9a-f]{12}$", release))])
    error_message = "A release is 12 hexadecimal digits, as the output glue_release said before the upgrade."
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

variable "log_group_prefix" {
  description = "Prefix of the job's log groups; null makes groups of its own below `/aws-glue/jobs/<name>`."
  type        = string
  default     = null

  validation {
    condition     = var.log_group_prefix == null || can(regex("^/[a-zA-Z0-9/_-]{0,398}[a-zA-Z0-9_-]$", var.log_group_prefix))
    error_message = "The prefix starts with / and has letters, digits, /, _ and -, as in \"/aws-glue/jobs\"."
  }
}

variable "log_retention_in_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365
  nullable    = false
}

variable "max_concurrent_runs" {
  description = "Runs at the same time."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.max_concurrent_runs >= 1
    error_message = "At least one run at a time."
  }
}

variable "metrics" {
  description = "Whether runs write Glue's metrics of executors, shuffles and skew to CloudWatch, each of which is billed."
  type        = bool
  default     = false
  nullable    = false
}

variable "name" {
  description = "Name of job, role and security configuration."
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

variable "packages" {
  description = "Path of the zip of Python packages; scripts/build.py writes it."
  type        = string
  nullable    = false
}

variable "permissions_boundary" {
  description = "Policy that bounds the role; null for none."
  type        = string
  default     = null
}

variable "quarantine_bucket" {
  description = "Bucket of rejected rows."
  type        = string
  nullable    = false
}

variable "role_name" {
  description = "Name of the role, which is global in the account; null is that of the job."
  type        = string
  default     = null

  validation {
    condition     = var.role_name == null || can(regex("^[a-zA-Z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "A role's name has 64 characters at most, the region's included where names end in it: shorten project or environment."
  }
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

variable "script" {
  description = "Path of the job's script; scripts/build.py writes it."
  type        = string
  nullable    = false
}

variable "silver_bucket" {
  description = "Bucket of accepted file versions."
  type        = string
  nullable    = false
}

variable "spark_conf" {
  description = "Spark settings of every run."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.spark_conf : startswith(key, "spark.") && !strcontains("${key}${value}", " ")])
    error_message = "Spark settings start with \"spark.\" and hold no blanks, which would end them on the command line."
  }
}

variable "spark_ui" {
  description = "Whether runs write the event logs that a Spark history server shows, below `spark-ui/` of the control bucket."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of everything that takes some."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "timeout_in_minutes" {
  description = "Minutes after which a run is stopped."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.timeout_in_minutes >= 1 && var.timeout_in_minutes <= 1440
    error_message = "A run is stopped after 1 to 1440 minutes: a stuck one costs money until then."
  }
}

variable "worker_count" {
  description = "Workers of a run, the driver's included."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.worker_count >= 2
    error_message = "A Spark run has 2 workers or more."
  }
}

variable "worker_type" {
  description = "Size of a worker."
  type        = string
  default     = "G.1X"
  nullable    = false

  validation {
    condition     = contains(["G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X"], var.worker_type)
    error_message = "A worker is G.1X, G.2X, G.4X, G.8X, G.12X, G.16X, R.1X, R.2X, R.4X or R.8X."
  }

  validation {
    condition     = var.execution_class != "FLEX" || contains(["G.1X", "G.2X"], var.worker_type)
    error_message = "FLEX has workers G.1X and G.2X only."
  }
}
