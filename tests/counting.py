"""Counts what is asked of the database, so that a page that asks too much fails its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from portal import db

# Opening and ending a transaction asks for nothing.
QUIET = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect the statements that are sent while the block runs: `with counting() as asked: ...`."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(QUIET):
            asked.append(statement)

    database = db.database()
    # On PostgreSQL those who only read have lines of their own.
    engines = [database.engine] if database.is_sqlite else [database.engine, database.reader]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        with noting_first_rows(asked.append):
            yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@contextmanager
def noting_first_rows(note: Callable[[str], object]) -> Iterator[None]:
    """Tell also what is asked past the engine, at every view."""
    ask = db.Database.first_row

    def first_row(self: db.Database, statement: str) -> Any:
        note(statement)
        return ask(self, statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db.Database, "first_row", first_row)
        yield
