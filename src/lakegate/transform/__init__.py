"""From the lines of a revision to gold tables that passed every check."""
