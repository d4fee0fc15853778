# Remembers who made the key: without it nothing that was written before could be read.
resource "terraform_data" "own" {
  input = var.existing_arn == null

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = var.existing_arn == null || var.keep_own || !try(self.output, false)
      error_message = "This stack has made a key of its own, and naming another in kms_key_arn would delete it: all that was written with it could not be read. Keep it with key = { keep_own = true }."
    }
  }
}

resource "aws_kms_key" "this" {
  count = var.existing_arn == null || var.keep_own ? 1 : 0

  description             = "Encrypts ${var.alias}: buckets, queues, topics, logs"
  deletion_window_in_days = var.deletion_window_in_days
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  count = length(aws_kms_key.this)

  name          = "alias/${var.alias}"
  target_key_id = aws_kms_key.this[0].key_id
}
