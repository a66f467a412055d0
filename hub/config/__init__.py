"""Typed settings: TOML for shape, the environment for secrets."""
