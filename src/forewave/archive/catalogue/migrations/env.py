"""What Alembic runs for each migration: on the connection that the caller has opened."""

from alembic import context

from forewave.archive.catalogue.tables import METADATA

# The caller's transaction holds all revisions, so that a file is migrated as a whole or not at all.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
