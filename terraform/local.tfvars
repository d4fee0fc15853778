# All that differs on an emulator.
environment                 = "local"
force_destroy               = true
kms_deletion_window_in_days = 7
log_retention_in_days       = 7

# An emulator speaks plain http on loopback.
require_tls = false

# It neither expires objects nor writes access logs, and the provider polls a lifecycle rule for 55 s.
access_logs     = false
lifecycle_rules = false

# The groups that every Glue job shares; in an account they may exist already.
glue_log_group_prefix = "/aws-glue/jobs"
