"""Transfers and rights cases while everything is killed, cut off and slowed (4, 5)."""
