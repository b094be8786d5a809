"""Programming languages that code signals are read from: one table a file."""
