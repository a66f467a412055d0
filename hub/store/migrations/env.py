"""Edge: Alembic runs this; ``hub.store.migrate`` lends it the connection."""

from __future__ import annotations

from alembic import context

from hub.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
