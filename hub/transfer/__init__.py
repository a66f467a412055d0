"""Moving memberships between unions: the saga, its waits, and who may do what."""
