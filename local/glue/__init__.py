"""A Glue endpoint that really runs its jobs, with Spark as a child process."""
