"""Resident ID numbers and the keyed pseudonyms made of them."""
