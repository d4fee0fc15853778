"""`make up`, step by step."""
