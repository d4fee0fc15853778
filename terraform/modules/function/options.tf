# What only some accounts need.
data "aws_iam_policy_document" "options" {
  dynamic "statement" {
    for_each = length(var.keys.earlier_key_arns) == 0 ? [] : ["on"]

    content {
      sid       = "ReadWithEarlierKeys"
      actions   = ["kms:Decrypt"]
      resources = var.keys.earlier_key_arns

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${local.scope.region}.${local.scope.dns_suffix}"]
      }

      condition {
        test     = "StringLike"
        variable = "kms:EncryptionContext:aws:s3:arn"
        values   = flatten([for arn in local.bucket_arns : [arn, "${arn}/*"]])
      }
    }
  }

  # An encrypted catalog is read and written with the caller's rights on its key.
  dynamic "statement" {
    for_each = var.tables == null || var.keys.catalog_key_arn == null ? [] : ["on"]

    content {
      sid       = "UseCatalogKey"
      actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
      resources = [var.keys.catalog_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["glue.${local.scope.region}.${local.scope.dns_suffix}"]
      }
    }
  }

  # Lambda makes and drops the interfaces with this role; the actions know no names beforehand.
  dynamic "statement" {
    for_each = var.common.network == null ? [] : ["on"]

    content {
      sid = "JoinNetwork"
      actions = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"]
    }
  }
}
