"""Bundles the explorer's page at packaging time; see ``__main__``."""
