"""What commands change: uploads and operators' orders."""
