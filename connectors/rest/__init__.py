"""Provinces that serve REST with JSON; a mapping file says how their rows read."""
