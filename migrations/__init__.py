"""Alembic migrations, callable from code: `upgrade(engine)` brings a database to the current schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

HERE = Path(__file__).parent
LOCK = 7351001  # PostgreSQL advisory lock: two processes that start at once migrate one after the other


def config(connection: Any = None) -> Config:
    """Alembic's configuration for our scripts; a connection is handed to env.py by its attributes."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; safe when several processes do it at once."""
    with engine.begin() as conn:  # one transaction: a start that is killed half-way leaves nothing behind
        if engine.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        command.upgrade(config(conn), "head")


def current(engine: Engine) -> str | None:
    """The schema's revision, or None for an empty database."""
    with engine.connect() as conn:
        return MigrationContext.configure(conn).get_current_revision()


def head() -> str | None:
    """The newest revision that the code knows."""
    return ScriptDirectory.from_config(config()).get_current_head()
