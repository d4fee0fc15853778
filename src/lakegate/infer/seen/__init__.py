"""What data shows: fields, the types of columns, keys and references."""
