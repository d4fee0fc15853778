"""The live page and the report of a run, made of the data functions."""
