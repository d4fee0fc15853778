# All that differs on an emulator.
environment           = "local"
force_destroy         = true
log_retention_in_days = 7

key = { deletion_window_in_days = 7 }

# An emulator speaks plain http on loopback, neither expires objects nor writes access logs, and the provider polls a lifecycle
# rule for 55 s.
buckets = {
  access_logs = false
  lifecycle   = false
  require_tls = false
}
