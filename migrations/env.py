"""Run migrations on the open database: all or nothing, on either database, whoever else tries at once."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection, Engine

from portal import db, models

# Any fixed number does; a second migration waits for the first.
MIGRATING = 9163


def engine() -> Engine:
    """Return the engine handed over by the portal, or the one of the environment."""
    given: Engine | None = context.config.attributes.get("engine")
    if given is not None:
        return given
    return db.Database(os.environ["PORTAL_DATABASE_URL"]).writer


def run(connection: Connection) -> None:
    """Apply the migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=models.is_described,
        transactional_ddl=True,  # SQLite can; the driver's own transactions, which could not, are off
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # A migration that cannot have its lock at once must not hold up everybody behind it.
            connection.exec_driver_sql("SET LOCAL statement_timeout = '10min'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                msg = f"the migration would leave rows that refer to nothing: {broken[:5]}"
                raise RuntimeError(msg)


def run_on_sqlite(connection: Connection) -> None:
    """Apply the migrations where a changed table is made anew: meanwhile nothing may follow its dropping."""
    line = connection.connection.dbapi_connection
    assert line is not None  # noqa: S101 - the connection is open
    line.execute("PRAGMA foreign_keys = OFF")  # not possible inside a transaction
    try:
        run(connection)
    finally:
        line.execute("PRAGMA foreign_keys = ON")


with engine().connect() as opened:
    (run_on_sqlite if opened.dialect.name == "sqlite" else run)(opened)
