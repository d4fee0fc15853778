"""DuckDB as an engine: one process that reads lines exactly, runs SQL and writes Parquet."""
