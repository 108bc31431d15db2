"""Alembic's entry: runs our migrations on the connection that `migrations.upgrade` hands over."""

from alembic import context

from base.database import Sealed, Utc, metadata
from casework import tables  # noqa: F401  (declares the tables in the metadata)


def render(kind, item, _context):
    """Our column types as they are written in a migration."""
    if kind == "type" and isinstance(item, (Sealed, Utc)):
        return f"{type(item).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render,
    render_as_batch=True,
    compare_type=False,
    transactional_ddl=True,  # base.database says BEGIN on SQLite, so there too
)
with context.begin_transaction():
    context.run_migrations()
