"""Registering which local keys are the same person."""
