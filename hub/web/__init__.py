"""HTTP in: the server that callers meet."""
