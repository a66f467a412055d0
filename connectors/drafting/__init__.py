"""First drafts of a province's mapping and settings, guessed from names alone."""
