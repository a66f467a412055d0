"""Frozen values that cross rooms; they do no I/O and know no GraphQL."""
