"""Attacks on a real hub process: what was tried, how it was refused, who suffered."""
