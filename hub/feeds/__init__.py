"""Live events: to every hub process, to each subscriber once and in order."""
