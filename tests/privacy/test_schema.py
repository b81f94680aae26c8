"""Every column that could say something about a person is either registered as personal, or known not to be."""

from __future__ import annotations

from sqlalchemy import JSON, LargeBinary, String

from portal import models
from portal.privacy import registry
from tests.privacy.impersonal import IMPERSONAL


def _telling(table):
    """Return the columns that could hold a person: words, documents, bytes."""
    return {one.name for one in table.columns if isinstance(one.type, String | JSON | LargeBinary)}


def test_each_column_was_looked_at_by_somebody():
    unknown = {
        f"{table.name}.{name}"
        for table in models.metadata.sorted_tables
        for name in _telling(table)
        - {one.name for one in registry.personal_columns(table)}
        - set(IMPERSONAL.get(table.name, "").split())
    }
    assert unknown == set(), "say in the model that it is personal, or here that it is not"


def test_nothing_is_called_impersonal_that_is_not_there_or_is_personal():
    wrong = {
        f"{name}.{column}"
        for name, columns in IMPERSONAL.items()
        for column in columns.split()
        if column not in _telling(models.metadata.tables[name])
        or models.metadata.tables[name].columns[column].info.get("personal")
    }
    assert wrong == set()


def test_each_table_with_personal_columns_stands_in_the_registry():
    holding = {table.name for table in models.metadata.sorted_tables if registry.personal_columns(table)}
    assert holding - registry.BY_TABLE.keys() == set()


def test_what_the_registry_names_is_there():
    for held in registry.REGISTRY:
        table = registry.table(held)
        assert set(held.values) <= {one.name for one in registry.personal_columns(table)}, held.table
        assert held.secret <= {one.name for one in table.columns}, held.table
        registry.rows(held, 1, "x@example.org").compile()


def test_each_reason_to_be_kept_is_said():
    unsaid = [
        f"{table.name}.{column.name}"
        for table in models.metadata.sorted_tables
        for column in registry.personal_columns(table)
        if not isinstance(column.info["personal"], str) or len(column.info["personal"]) < 8
    ]
    assert unsaid == []
