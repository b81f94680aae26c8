"""Hours of a track that are older than the question whose they are get the answer that they would have today."""

from __future__ import annotations

import pytest
from sqlalchemy import MetaData, select

from portal import db, models
from portal.cli import migrating
from portal.support.models import Allocation
from tests.proposals.incubation.test_hours import staged
from tests.proposals.incubation.test_track import applied

# The last migration before it was asked.
BEFORE = "0006"
TABLES = ("person", "pool", "call", "venture", "allocation")


def sides():
    with db.reading() as session:
        asked = select(Allocation.subject, Allocation.row_key, Allocation.conflicted_ids)
        return {tuple(row[:2]): row[2] for row in session.execute(asked)}


def copied(into):
    """Write the rows as they stood before: without what is new."""
    with into.writer.begin() as line:
        if into.is_sqlite:
            line.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            line.exec_driver_sql("SET LOCAL session_replication_role = replica")
        old = MetaData()
        old.reflect(line, only=TABLES)
        for name in TABLES:
            with db.reading() as session:
                rows = session.execute(select(models.metadata.tables[name])).mappings().all()
            for row in rows:
                there = {one.name: row[one.name] for one in old.tables[name].c}
                line.execute(old.tables[name].insert(), there)


@pytest.fixture
def cast(cast):
    for name in ("rosa", "teo", "giulia", "marco", "nuria", "aldo"):
        cast.person(name)
    return cast


@pytest.mark.usefixtures("database")
def test_hours_of_older_tracks_stand_on_the_side_of_the_group_that_alone_can_have_them(empty, cast):
    alone, crowded, nobody = (staged(cast, {"training": 3, "mentoring": 2}) for _ in range(3))
    applied(alone, cast.rosa)
    for who in (cast.rosa, cast.teo):
        applied(crowded, who)
    known = sides()
    rosa = cast.person("rosa").id
    wanted = {alone: [rosa], crowded: [], nobody: []}
    assert known == {(f"call:{ref}", key): wanted[ref] for ref in wanted for key in ("s1t", "s1m")}
    migrating.upgrade(empty, BEFORE)
    copied(empty)
    migrating.upgrade(empty)
    here = db.database()
    db.use(empty)
    try:
        assert sides() == known
    finally:
        db.use(here)
