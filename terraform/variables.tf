variable "access" {
  description = "Who delivers and who reads besides this account's own: ARNs of roles of other accounts that may put files into bronze, and roles that get the reader's rights in Lake Formation."
  type = object({
    producers = optional(set(string), [])
    readers   = optional(set(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for arn in setunion(var.access.producers, var.access.readers) : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$", arn))
    ])
    error_message = "Producers and readers are ARNs of roles, as in arn:aws:iam::<account>:role/<name>."
  }
}

variable "alarms" {
  description = "Who is told (addresses that have to confirm, and more topics of the same account and region), and minutes after which a complete batch that is not published raises an alarm."
  type = object({
    emails             = optional(set(string), [])
    publish_in_minutes = optional(number, 120)
    topic_arns         = optional(set(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for arn in var.alarms.topic_arns : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[a-zA-Z0-9_-]+$", arn))])
    error_message = "Topics are given by their ARN: arn:aws:sns:<region>:<account>:<name>."
  }
}

variable "athena" {
  description = "Whether there is an Athena workgroup for queries on gold."
  type        = bool
  default     = true
  nullable    = false
}

variable "buckets" {
  description = "Existing buckets by layer (left as they are: see output bucket_policies), how bronze tells of new files (notification or eventbridge), and what expires: days for which current objects are kept, null for ever."
  type = object({
    access_logs   = optional(bool, true)
    bronze_events = optional(string, "notification")
    existing      = optional(map(string), {})
    lifecycle     = optional(bool, true)
    require_tls   = optional(bool, true)
    retention_in_days = optional(object({
      bronze     = optional(number)
      gold       = optional(number)
      quarantine = optional(number, 90)
      silver     = optional(number)
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["notification", "eventbridge"], var.buckets.bronze_events)
    error_message = "Bronze tells of new files by its \"notification\", or by \"eventbridge\" where others listen to the bucket too."
  }

  validation {
    condition     = !contains(keys(var.buckets.existing), "bronze") || var.buckets.bronze_events == "eventbridge"
    error_message = "An existing bronze tells of its files by bronze_events = \"eventbridge\": a bucket has one notification configuration, and an apply would replace that of whoever listens already."
  }

  validation {
    condition     = length(setsubtract(keys(var.buckets.existing), ["bronze", "silver", "gold", "quarantine", "control", "logs"])) == 0
    error_message = "Existing buckets are named by layer: bronze, silver, gold, quarantine, control, logs."
  }

  validation {
    condition     = alltrue([for days in values(var.buckets.retention_in_days) : days == null || try(days >= 1 && floor(days) == days, false)])
    error_message = "Objects are kept for 1 day or longer, in whole days; null keeps them for ever."
  }
}

variable "build_dir" {
  description = "Folder that `make build` writes; null takes the repository's own."
  type        = string
  default     = null
}

variable "catalog" {
  description = "How the account keeps its Glue catalog: the key that encrypts it, if one does, and whether Lake Formation decides on access."
  type = object({
    kms_key_arn    = optional(string)
    lake_formation = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.catalog.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$", var.catalog.kms_key_arn))
    error_message = "The catalog's key is given by its ARN (arn:aws:kms:<region>:<account>:key/<id>); null for a catalog without one."
  }
}

variable "duckdb" {
  description = "The function that computes small batches: memory in MiB (processor comes with it; new accounts have 3008 at most), room for spilling in MiB, seconds after which it is stopped, concurrent runs set aside."
  type = object({
    ephemeral_storage    = optional(number, 10240)
    memory               = optional(number, 3008)
    reserved_concurrency = optional(number)
    timeout              = optional(number, 900)
  })
  default  = {}
  nullable = false
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

variable "functions" {
  description = "Validator and reconciler: seconds after which a call is stopped, memory in MiB (1769 is one processor, which converts the largest allowed file in half of a call), minutes between the reconciler's looks, concurrent runs set aside (null: the account's pool; new accounts have 10 in all, of which 10 must stay unreserved)."
  type = object({
    reconcile_every_minutes         = optional(number, 5)
    reconciler_memory               = optional(number, 1769)
    reconciler_reserved_concurrency = optional(number)
    timeout                         = optional(number, 150)
    validator_memory                = optional(number, 1769)
    validator_reserved_concurrency  = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.functions.timeout >= 10 && var.functions.timeout < local.contract.gate.claim_stale_seconds
    error_message = "The timeout lies from 10 s to below the contract's gate.claim_stale_seconds, so that the owner of a stale claim is surely dead."
  }
}

variable "glue" {
  description = "The Spark job: Glue's version, workers (their most, with auto_scaling), class STANDARD or FLEX, concurrent runs, minutes after which a run is stopped, Spark UI logs, Glue's metrics, more Spark settings, releases whose artifacts stay for runs under way, prefix of its log groups."
  type = object({
    auto_scaling        = optional(bool, false)
    execution_class     = optional(string, "STANDARD")
    keep_releases       = optional(set(string), [])
    log_group_prefix    = optional(string)
    max_concurrent_runs = optional(number, 3)
    metrics             = optional(bool, false)
    spark_conf          = optional(map(string), {})
    spark_ui            = optional(bool, false)
    timeout_in_minutes  = optional(number, 60)
    version             = optional(string, "5.1")
    worker_count        = optional(number, 2)
    worker_type         = optional(string, "G.1X")
  })
  default  = {}
  nullable = false
}

variable "key" {
  description = "Beside kms_key_arn: days for which a deleted key can be brought back, earlier keys that old objects need, and keep_own, which keeps the key that this stack has made when kms_key_arn names another."
  type = object({
    deletion_window_in_days = optional(number, 30)
    earlier_arns            = optional(set(string), [])
    keep_own                = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for arn in var.key.earlier_arns : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$", arn))])
    error_message = "Earlier keys are given by their ARNs (arn:aws:kms:<region>:<account>:key/<id>)."
  }
}

variable "kms_key_arn" {
  description = "Existing key to encrypt everything with; null makes one. Its policy must admit what modules/kms_key grants."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$", var.kms_key_arn))
    error_message = "The key is given by its ARN (arn:aws:kms:<region>:<account>:key/<id>), not by id or alias; null makes one."
  }

  validation {
    condition     = var.kms_key_arn == null || try(split(":", var.kms_key_arn)[3] == data.aws_region.current.id, true)
    error_message = "The key lies in another region than the stack: S3, SQS and Lambda take keys of their own region only."
  }
}

variable "log_retention_in_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365
  nullable    = false
}

variable "network" {
  description = "Subnets and security groups that functions and job run in; null is none. docs/first_account.md lists the endpoints that they have to reach from there."
  type = object({
    availability_zone  = string
    security_group_ids = list(string)
    subnet_ids         = list(string)
  })
  default = null

  validation {
    condition = var.network == null || try(
      length(var.network.subnet_ids) > 0 && length(var.network.security_group_ids) > 0 &&
      alltrue([for id in var.network.subnet_ids : startswith(id, "subnet-")]) &&
      alltrue([for id in var.network.security_group_ids : startswith(id, "sg-")]), false
    )
    error_message = "A network has one subnet (subnet-…) and one security group (sg-…) or more, and the availability zone of the first subnet; null is none."
  }
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

variable "region_in_names" {
  description = "Whether names that are global (buckets, roles, dashboard) end in the region, which makes a second region of one environment possible."
  type        = bool
  default     = false
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

variable "tags" {
  description = "Tags of every resource, besides Project, Environment and ManagedBy; objects in S3, which take ten at most, get none."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setunion(keys(var.tags), ["Project", "Environment", "ManagedBy"])) <= 50
    error_message = "AWS takes 50 tags on a resource, three of which are Project, Environment and ManagedBy: 47 of yours at most."
  }
}
