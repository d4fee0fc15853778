"""The Glue job: reads a revision's files from silver, publishes user_activity to gold."""
