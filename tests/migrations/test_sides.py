"""Hours of a track that are older than the question whose they are get the answer that they would have today."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import db
from portal.support.models import Allocation
from tests.migrations.older import brought_up_to_date
from tests.proposals.incubation.test_hours import staged
from tests.proposals.incubation.test_track import applied

# The last migration before it was asked.
BEFORE = "0006"
TABLES = ("person", "pool", "call", "venture", "allocation")


def sides():
    with db.reading() as session:
        asked = select(Allocation.subject, Allocation.row_key, Allocation.conflicted_ids)
        return {tuple(row[:2]): row[2] for row in session.execute(asked)}


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
    with brought_up_to_date(empty, BEFORE, TABLES):
        assert sides() == known
