variable "dashboard_log_groups" {
  description = "Log groups whose warnings the dashboard shows, by role."
  type        = map(string)
  nullable    = false
}

variable "dashboard_name" {
  description = "Name of the dashboard, which is global in the account; null is the prefix of the alarms."
  type        = string
  default     = null
}

variable "dead_letter_queues" {
  description = "Queues of failed events, by what failed on them."
  type        = map(string)
  nullable    = false
}

variable "deadline_in_minutes" {
  description = "Minutes in which a batch is to be complete, from the contract."
  type        = number
  nullable    = false

  validation {
    condition     = var.deadline_in_minutes >= 1
    error_message = "The deadline is 1 minute or more."
  }
}

variable "failure_rule" {
  description = "EventBridge rule that fires for each failed run."
  type        = string
  nullable    = false
}

variable "functions" {
  description = "Lambda functions to watch, by role; `reconciler` is one of them."
  type        = map(string)
  nullable    = false

  validation {
    condition     = contains(keys(var.functions), "reconciler")
    error_message = "The functions include the reconciler, whose silence is an alarm of its own."
  }
}

variable "kms_key_arn" {
  description = "Key of the topic."
  type        = string
  nullable    = false
}

variable "metric_namespace" {
  description = "Namespace of what the functions measure: of one project and one environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$", var.metric_namespace)) && !startswith(var.metric_namespace, "AWS/")
    error_message = "A namespace has up to 255 letters, digits and . _ / -, and does not start with AWS/."
  }
}

variable "name" {
  description = "Prefix of every alarm, and name of the dashboard."
  type        = string
  nullable    = false
}

variable "notification_emails" {
  description = "Addresses that alarms are sent to; each one has to confirm."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.notification_emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))])
    error_message = "Every address looks like somebody@example.org."
  }
}

variable "publish_in_minutes" {
  description = "Minutes after which a complete batch that is not published raises an alarm."
  type        = number
  default     = 120
  nullable    = false

  validation {
    condition     = var.publish_in_minutes >= 1
    error_message = "A complete batch has 1 minute or more to be published."
  }
}

variable "reconcile_every_minutes" {
  description = "Minutes between the reconciler's looks, which the periods of alarms follow."
  type        = number
  default     = 5
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

variable "topic_arns" {
  description = "More topics that alarms are published to."
  type        = set(string)
  default     = []
  nullable    = false
}
