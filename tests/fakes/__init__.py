"""In-memory AWS behind real botocore clients, so that requests and errors are the real ones."""
