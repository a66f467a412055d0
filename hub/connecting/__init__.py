"""How provinces come, change, rest and go while the hub runs."""
