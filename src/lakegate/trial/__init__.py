"""Tries a project out on DuckDB, on this machine and without a lake."""
