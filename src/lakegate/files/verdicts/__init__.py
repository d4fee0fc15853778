"""What the lines of a file mean for the file: sampled or read in full, with advice that works."""
