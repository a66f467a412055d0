"""The mapping file of a province: its own columns and codes become canonical records, and back."""
