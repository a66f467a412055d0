"""Ways of speaking to a province; each turns its own tongue into records."""
