"""Provinces that can only export files: a drop folder, and what was last whole in it."""
