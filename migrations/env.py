"""Run migrations on the open database; the append-only tables are never batch-altered."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection, Engine

from portal import db, models

# Alembic's batch mode would copy these tables and lose their triggers.
APPEND_ONLY = {"act", "leaf", "pool_entry"}


def engine() -> Engine:
    """Return the engine handed over by the portal, or the one of the environment."""
    given: Engine | None = context.config.attributes.get("engine")
    if given is not None:
        return given
    return db.Database(os.environ["PORTAL_DATABASE_URL"]).writer


def run(connection: Connection) -> None:
    """Apply the migrations in one transaction."""
    if connection.dialect.name == "postgresql":
        # A migration that cannot have its lock at once must not hold up everybody behind it.
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.exec_driver_sql("SET statement_timeout = '10min'")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="db.",
    )
    with context.begin_transaction():
        context.run_migrations()


with engine().connect() as opened:
    run(opened)
