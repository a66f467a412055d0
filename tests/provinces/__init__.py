"""Provincial systems for tests, each a process of its own."""
