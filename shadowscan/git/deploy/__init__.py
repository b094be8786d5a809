"""Files that say what is deployed and configured: one kind a file."""
