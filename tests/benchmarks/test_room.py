"""The room of a pact of sixty clauses and three hundred suggestions, against the bare answer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import db
from portal.pacts import queries
from portal.people import queries as people
from tests.benchmarks import filling
from tests.benchmarks.conftest import City
from tests.benchmarks.figures import Figure, Figures
from tests.benchmarks.measuring import asked, caller
from tests.benchmarks.test_instructions import UNIT, _each
from tests.conftest import CAST, Cast
from tests.pacts import crowded, journey

pytestmark = pytest.mark.benchmark
MOST_QUERIES, MOST_INSTRUCTIONS = 10, 25
CHANGE = {"text": {"it": "Parole nostre.", "en": "Our words."}}


@pytest.fixture
def room(_apps: Callable[[str], Any], tmp_path: Path) -> Any:
    """Return the city, the address of the room at its second version, and a cookie of the community."""
    world = filling.small_city()
    path = tmp_path / "room.db"
    shutil.copy(world.file, path)
    url = f"sqlite:///{path}"
    database = db.Database(url)
    db.use(database)
    with db.reading() as session:
        pact = session.scalars(queries.by_code(world.codes["co_design"])).one()
    pact = journey.change(KnownCast(), pact, "object", CHANGE)
    crowded.fill(pact)
    city = City(_apps(url), database, 1)
    yield city, f"/en/pacts/{pact.code}/co-design", city.cookie("rosa@example.org"), url
    database.close()


class KnownCast(Cast):
    """The cast of a city that is there already."""

    def person(self, name: str) -> Any:
        """Return the account of a member of the cast."""
        with db.reading() as session:
            return session.scalars(people.by_email(CAST[name][1])).one()


def test_a_room_with_sixty_clauses(room: Any, figures: Figures) -> None:
    city, path, cookie, url = room
    call = caller(city.app, path, Cookie=cookie)
    with asked() as found:
        assert call()[0] == 200
    figures.add(Figure("room of 60 clauses", len(found), "queries", MOST_QUERIES, city.name, 1))
    bare = _each("", url)
    value = _each(path, url, PORTAL_BENCH_COOKIE=cookie) / bare
    figures.add(Figure("room of 60 clauses, 300 suggestions", value, UNIT, MOST_INSTRUCTIONS, city.name, 1))
