"""The commands: each reads through a data function and prints JSON or renders."""
