"""What became of each finding from run to run."""
