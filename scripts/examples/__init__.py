"""Writes the sample data of the projects in `examples/`, the same bytes each time."""
