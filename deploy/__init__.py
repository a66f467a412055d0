"""What starts the hub; it decides nothing."""
