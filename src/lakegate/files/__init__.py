"""What an upload is: its name, its bytes, its lines, and what becomes of it."""
