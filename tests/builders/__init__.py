"""Makes records and tellings for tests, all synthetic."""
