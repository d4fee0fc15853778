"""Data functions: what the lake knows, read from the ledger, the engine and gold."""
