"""A census of a million people is taken in with flat memory, while others write, and is replaced whole.

`PORTAL_SOAK_CENSUS` says how many people (1,000,000 unless said otherwise).
"""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal import city, db
from portal.residents import actions, census, jobs
from portal.residents.documents import check_letter
from portal.residents.models import CensusEntry

pytestmark = pytest.mark.soak

PEOPLE = int(os.environ.get("PORTAL_SOAK_CENSUS", "1000000"))
RULES = city.profile("bologna").residents
MOST_MEMORY_KIB = 100_000


def people(count: int, seed: int) -> Iterator[str]:
    """Yield the lines of a census of so many invented people."""
    chance = random.Random(seed)
    yield "cognome;codice_fiscale;data_nascita;cap\r\n"
    for number in range(count):
        letters = "".join(chr(ord("A") + number // 26**place % 26) for place in range(6))
        day, year = chance.randrange(1, 29), chance.randrange(30, 99)
        first = f"{letters}{year}A{day:02}A944"
        yield f"Rossi;{first}{check_letter(first)};{day:02}/01/19{year};401{chance.randrange(21, 62)}\r\n"


def taken_in(path: Path) -> tuple[int, float, int]:
    """Return how many rows were taken in, in how many seconds, with how much more memory (KiB)."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    taken = jobs.import_census(path, RULES)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return taken.rows, time.monotonic() - start, more


def test_a_million_people(both: db.Database, tmp_path: Path) -> None:
    path = tmp_path / "census.csv"
    for seed in (1, 2):
        with path.open("w", encoding="latin-1", newline="") as file:
            file.writelines(people(PEOPLE, seed))
        rows, seconds, more = taken_in(path)
        name = "SQLite" if both.is_sqlite else "PostgreSQL"
        print(f"{name}: {rows} people in {seconds:.1f} s, {more} KiB more memory")  # noqa: T201
        assert rows == PEOPLE
        assert more < MOST_MEMORY_KIB
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(CensusEntry)) == PEOPLE
    last = next(one for one in reversed(list(_tail(path))) if isinstance(one, census.Row))
    with db.reading():
        assert actions.is_in_census(last)


def _tail(path: Path) -> Iterator[census.Row | census.Fault]:
    lines = path.read_text(encoding="latin-1").splitlines()
    short = path.with_name("tail.csv")
    short.write_text("\n".join([lines[0], *lines[-3:]]), encoding="latin-1")
    yield from census.read(short, RULES)
