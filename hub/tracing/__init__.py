"""Traces: where the time of one request goes, from the caller to the provinces."""
