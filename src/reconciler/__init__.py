"""Brings every interrupted batch to its end, from S3 and GetJobRuns alone."""
