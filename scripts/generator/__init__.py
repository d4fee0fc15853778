"""Makes data sets of any size: the same bytes for the same seed, on every machine."""
