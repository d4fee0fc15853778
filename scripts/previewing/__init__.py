"""The job's SQL on DuckDB: a reader of lines, a transpiler and the relations in their order."""
