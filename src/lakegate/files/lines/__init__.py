"""What a line is: read strictly, and judged against its dataset's columns."""
