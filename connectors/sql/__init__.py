"""Provinces that have a database and nothing in front of it."""
