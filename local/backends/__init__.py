"""The two places that can stand for AWS on this machine."""
