"""Membership credentials: signing, status, presentation, and what they are worth."""
