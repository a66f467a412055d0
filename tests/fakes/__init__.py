"""Stands in for what lies outside a test; every part that decides is the real one."""
