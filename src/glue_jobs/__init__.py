"""The Glue job: reads a revision's files from silver, publishes the project's tables to gold."""
