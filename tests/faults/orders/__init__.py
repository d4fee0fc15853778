"""Several at once, in every order of their calls."""
