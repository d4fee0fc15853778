"""The Lambda function that runs one revision on DuckDB."""
