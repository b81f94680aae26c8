"""Destroy stored files that no row names any more: bytes are shared by their hash, so all rows are asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, delete, literal, select

from portal import clock, db
from portal.db import Base
from portal.documents.models import ReleasedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Column

    from portal.documents.store import Store

# Whoever keeps the same bytes just now has put them into the store, and names them within this time.
NAMED_WITHIN = timedelta(hours=1)
LENGTH = 64
MOST = 500


def release(hashes: Iterable[str]) -> None:
    """Note that a row lets these files go; in the transaction that takes their names away."""
    rows = [{"file_hash": one, "released_at": clock.now()} for one in sorted(set(hashes)) if one]
    if rows:
        db.session().execute(db.insert(ReleasedFile).values(rows).on_conflict_do_nothing())


def drop_released(store: Store) -> None:
    """Destroy the released files that no row names; one that was named again is kept."""
    since = (clock.real() - NAMED_WITHIN).timestamp()
    with db.reading() as session:
        waiting = list(session.scalars(select(ReleasedFile.file_hash).limit(MOST)))
    for file_hash in waiting:
        with db.writing() as session:
            # Kept anew within the hour: asked again tomorrow, when it has its name.
            if _is_named(file_hash) or store.drop(file_hash, untouched_since=since):
                session.execute(delete(ReleasedFile).where(ReleasedFile.file_hash == file_hash))


def _is_named(file_hash: str) -> bool:
    here = (select(literal(1)).where(column == file_hash).limit(1) for column in _naming())
    return any(db.session().scalar(one) for one in here)


def _naming() -> Iterator[Column[str]]:
    """Yield every column that may name a file: a new one is asked without being added to any list."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            fits = isinstance(column.type, String) and column.type.length == LENGTH
            if fits and column.name.endswith("_hash") and table.name != ReleasedFile.__tablename__:
                yield column
