"""The command line: ``python -m hub``."""
