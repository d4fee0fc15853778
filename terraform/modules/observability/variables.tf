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

variable "environment" {
  description = "Value of the dimension `Environment` of our metrics."
  type        = string
  nullable    = false
}

variable "functions" {
  description = "Lambda functions to watch, by role."
  type        = map(string)
  nullable    = false
}

variable "glue_job" {
  description = "Glue job to watch."
  type        = string
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key of the topic."
  type        = string
  nullable    = false
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

variable "scope" {
  description = "Where ARNs lie."
  type = object({
    account_id = string
    partition  = string
    region     = string
  })
  nullable = false
}
