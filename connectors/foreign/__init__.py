"""Provinces that serve a GraphQL schema of their own, by a mapping."""
