"""The federation hub: it finds, gathers, joins, moves and follows."""
