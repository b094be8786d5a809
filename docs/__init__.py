"""Pages made from the code, so that they cannot drift from it."""
