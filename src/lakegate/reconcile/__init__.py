"""Finishes what was interrupted, from what S3 and the engine say alone."""
