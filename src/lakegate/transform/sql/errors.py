"""What can be wrong with the SQL of a project."""


class SqlError(ValueError):
    """SQL that one of the engines would not run or would answer otherwise; says what to write."""
