"""The pipeline on a laptop: an AWS look-alike with real Spark runs, and what drives it."""
