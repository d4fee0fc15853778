"""The jobs' part of the Glue endpoint: a run is a Spark process."""
