"""The hub's own PostgreSQL."""
