"""Every disclosure, written down before it is shown."""
