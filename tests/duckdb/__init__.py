"""What needs DuckDB and neither Spark nor an emulator."""
