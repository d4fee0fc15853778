"""Spark as an engine: reads lines exactly, runs views, writes Parquet."""
