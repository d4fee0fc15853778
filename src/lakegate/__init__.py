"""Files that land in a bucket become published tables: the library behind every deployable."""
