"""Counts what is asked of the database, so that a page that asks too much fails its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from portal import db
from portal.db import questions

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
        with noting_straight(lambda _driver, statement, _given: asked.append(statement)):
            yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@contextmanager
def noting_straight(note: Callable[[Any, str, Any], object]) -> Iterator[None]:
    """Tell also what is asked past the engine, at every view."""
    ask = questions.ask

    def noted(driver: Any, statement: str, parameters: Any = ()) -> Any:
        note(driver, statement, parameters)
        return ask(driver, statement, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions, "ask", noted)
        yield
