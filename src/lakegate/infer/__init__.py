"""From data files to a contract, and to a project that runs: what is seen, and how sure it is."""
