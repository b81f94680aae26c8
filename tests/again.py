"""What this process has brought about before is not brought about again: its database is copied.

Half of the tests of pacts and support begin with the same people or the same signed pact, which takes a third of
a second. Only what begins in an empty database is kept, by its day and clock; on PostgreSQL nothing is.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Hashable
from contextlib import closing
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import func, select

from portal import clock, db
from portal.pacts import queries as pacts
from portal.people.models import Person
from portal.record import Act

Stage = Callable[..., Any]


@dataclass(frozen=True)
class _Reached:
    """The database afterwards, and by which address whom of the cast is found in it."""

    file: Path
    names: dict[str, str]


_reached: dict[Hashable, _Reached] = {}
_folder: list[Path] = []


def brought_about(cast: Any, way: Hashable, walk: Callable[[], Any]) -> Any:
    """Return what `walk` returns; None where its end was copied."""
    if not _is_untouched(cast):
        return walk()
    key = (way, clock.offset(), clock.today())
    found = _reached.get(key)
    if found is not None:
        _copy(found, cast)
        return None
    end = walk()
    names = {name: person.email for name, person in cast._people.items()}
    _reached[key] = _Reached(_kept(len(_reached)), names)
    return end


def again(stage: Stage) -> Stage:
    """Let a stage of the journey of a pact be walked once a process."""

    @wraps(stage)
    def reach(cast: Any, kind: str = "place", **options: Any) -> Any:
        if options:
            return stage(cast, kind, **options)
        pact = brought_about(cast, (stage.__name__, kind), lambda: stage(cast, kind))
        return pact or _only_pact()

    return reach


def _only_pact() -> Any:
    with db.reading() as session:
        return session.scalars(pacts.whole()).one()


def _is_untouched(cast: Any) -> bool:
    """Say whether nobody of the cast was named and nothing has happened, in a database that is a file."""
    if cast._people or not db.database().is_sqlite:
        return False
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Act)) == 0


def _file() -> Path:
    return Path(str(db.database().engine.url.database))


def _kept(number: int) -> Path:
    if not _folder:
        _folder.append(Path(mkdtemp(dir=_file().parent.parent)))
    path = _folder[0] / f"{number}.db"
    with closing(sqlite3.connect(_file())) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return path


def _copy(found: _Reached, cast: Any) -> None:
    db.database().close()  # whoever has a line open to the empty database would go on seeing it
    for suffix in ("-wal", "-shm"):
        Path(f"{_file()}{suffix}").unlink(missing_ok=True)
    shutil.copy(found.file, _file())
    with db.reading() as session:
        people = {one.email: one for one in session.scalars(select(Person))}
    cast._people.update({name: people[email] for name, email in found.names.items()})
