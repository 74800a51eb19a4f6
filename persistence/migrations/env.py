"""What Alembic runs: the steps, on the connection that `persistence.migrate` hands over."""

from alembic import context

from persistence.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
