"""Take in a census in many short units of work, and tidy away what is no longer in use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import clock, db
from portal.errors import Invalid, NotFound
from portal.policy import SYSTEM
from portal.residents import actions, census, queries
from portal.residents.census import Fault, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from portal.city import Residents

BATCH = 5_000
MOST_NAMED = 20
# An import that stands still so long died: what it left is tidied away.
DEAD_AFTER = timedelta(days=1)


@dataclass
class Taken:
    """What became of an import: rows in use, and the lines that were left out."""

    rows: int = 0
    key_name: str = ""
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    doubled: int = 0

    def note(self, fault: Fault) -> None:
        """Count a fault; the first ones are named."""
        self.faulty += 1
        if len(self.faults) < MOST_NAMED:
            self.faults.append(fault)


def import_census(
    path: Path,
    rules: Residents,
    *,
    leave_out: bool = False,
    tell: Callable[[int], None] = lambda _rows: None,
) -> Taken:
    """Take the place of the census in use by the file at `path`, whole or not at all; returns what was done.

    With faulty rows nothing changes unless they are to be left out. The file in use answers meanwhile, and
    whoever interrupts leaves it as it was.
    """
    taken = Taken()
    with db.writing():
        file_id = actions.begin_census()
    try:
        _load(path, rules, file_id, taken, tell)
        if not taken.rows:
            raise Invalid(census.EMPTY)
        if taken.faulty + taken.doubled and not leave_out:
            return taken
        with db.writing():
            taken.key_name = actions.put_census_in_use(file_id, by=SYSTEM).key_name
    finally:
        tidy(also=file_id)
    return taken


def _load(path: Path, rules: Residents, file_id: int, taken: Taken, tell: Callable[[int], None]) -> None:
    rows, read = _only_rows(path, rules, taken), 0
    while batch := list(islice(rows, BATCH)):
        read += len(batch)
        try:
            with db.writing():
                actions.add_to_census(file_id, batch)
        except IntegrityError as error:
            raise NotFound(actions.CENSUS_GONE) from error
        tell(read)
    with db.reading() as session:
        taken.rows = session.scalar(queries.census_size(file_id)) or 0
    taken.doubled = read - taken.rows


def _only_rows(path: Path, rules: Residents, taken: Taken) -> Iterator[Row]:
    for found in census.read(path, rules):
        if isinstance(found, Fault):
            taken.note(found)
        else:
            yield found


def forget_old() -> int:
    """Drop what replaced censuses, dead imports and old letters left behind; return how many things."""
    with db.writing():
        letters = actions.forget_old_letters()
    return letters + tidy()


def tidy(*, also: int = 0) -> int:
    """Drop the entries of replaced censuses, of dead imports and of `also` where it is not in use."""
    with db.reading() as session:
        ids = list(session.scalars(queries.census_left_over(clock.real() - DEAD_AFTER, also=also)))
    for file_id in ids:
        for first_byte in range(256):
            with db.writing():
                actions.drop_entries(file_id, first_byte)
        with db.writing():
            actions.forget_census(file_id)
    return len(ids)
