"""Every table states its rules where migrations can see them, and loads nothing unasked."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import configure_mappers

from portal import db, models

LOADED_ON_REQUEST = {"raise", "raise_on_sql", "write_only", "noload"}


def test_every_check_has_a_name() -> None:
    nameless = [
        f"{table.name}: {check.sqltext}"
        for table in models.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint) and not isinstance(check.name, str)
    ]
    assert not nameless


def test_no_check_hangs_on_a_column() -> None:
    # Alembic leaves such a check out of its migrations.
    hanging = [
        f"{table.name}.{column.name}"
        for table in models.metadata.sorted_tables
        for column in table.columns
        if column.constraints
    ]
    assert not hanging


def test_relationships_are_loaded_on_request_only() -> None:
    configure_mappers()
    eager = [
        str(relationship)
        for mapper in db.Base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy not in LOADED_ON_REQUEST
    ]
    assert not eager
