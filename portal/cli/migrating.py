"""Bring the database to the newest tables, and compare it with the models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

if TYPE_CHECKING:
    from portal.db import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config(database: Database) -> AlembicConfig:
    """Return Alembic's configuration for this database."""
    found = AlembicConfig()
    found.set_main_option("script_location", str(MIGRATIONS))
    found.attributes["engine"] = database.writer
    return found


def upgrade(database: Database, to: str = "head") -> None:
    """Apply every migration that is missing, up to one of them or to the newest."""
    command.upgrade(alembic_config(database), to)


def missing(database: Database) -> bool:
    """Say whether a migration is missing."""
    head = ScriptDirectory.from_config(alembic_config(database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head


def is_empty(database: Database) -> bool:
    """Say whether nobody has an account yet."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("person"):
            return True
        return connection.exec_driver_sql("SELECT 1 FROM person LIMIT 1").first() is None
