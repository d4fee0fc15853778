"""The projects of `examples/`, held to what plain Python makes of their sample data."""
