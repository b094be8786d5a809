"""The vocabulary. Imports nothing of ours."""
