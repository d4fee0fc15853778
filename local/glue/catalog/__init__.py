"""The catalog's part of the Glue endpoint."""
