"""The views of a project together: what they read, their order, and their columns."""
