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
        values   = ["s3.${var.scope.region}.${var.scope.dns_suffix}"]
      }

      condition {
        test     = "StringLike"
        variable = "kms:EncryptionContext:aws:s3:arn"
        values   = flatten([for arn in values(local.bucket_arn) : [arn, "${arn}/*"]])
      }
    }
  }

  # An encrypted catalog is read and written with the caller's rights on its key.
  dynamic "statement" {
    for_each = var.keys.catalog_key_arn == null ? [] : ["on"]

    content {
      sid       = "UseCatalogKey"
      actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
      resources = [var.keys.catalog_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["glue.${var.scope.region}.${var.scope.dns_suffix}"]
      }
    }
  }

  # Glue makes and drops the interfaces with this role; the actions know no names beforehand.
  dynamic "statement" {
    for_each = var.network == null ? [] : ["on"]

    content {
      sid = "JoinNetwork"
      actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpoints",
      ]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = var.network == null ? [] : ["on"]

    content {
      sid       = "TagOwnInterfaces"
      actions   = ["ec2:CreateTags", "ec2:DeleteTags"]
      resources = ["arn:${var.scope.partition}:ec2:${var.scope.region}:${var.scope.account_id}:network-interface/*"]

      condition {
        test     = "ForAllValues:StringEquals"
        variable = "aws:TagKeys"
        values   = ["aws-glue-service-resource"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.network == null ? [] : ["on"]

    content {
      sid       = "ReadOwnConnection"
      actions   = ["glue:GetConnection"]
      resources = ["${local.glue_arn}:catalog", "${local.glue_arn}:connection/${var.name}"]
    }
  }

  # Metrics know no resources, but a namespace.
  dynamic "statement" {
    for_each = var.metrics ? ["on"] : []

    content {
      sid       = "WriteMetrics"
      actions   = ["cloudwatch:PutMetricData"]
      resources = ["*"]

      condition {
        test     = "StringEquals"
        variable = "cloudwatch:namespace"
        values   = ["Glue"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.spark_ui ? ["on"] : []

    content {
      sid       = "WriteSparkEvents"
      actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      resources = ["${local.bucket_arn.control}/spark-ui/*"]
    }
  }
}
