"""The demo federation: six provinces, an issuer and the hub on one machine."""
