"""The engines that run the SQL of a batch."""
