"""Who hears of a change of a fund: the second persons that it waits, and whoever asked what was answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.record import actions as record
from portal.schedule import actions as schedule
from portal.subscriptions import react
from portal.support.changes import Change
from tests.support.conftest import Desk


class Told:
    """What was told since the last look: event, reader, title, and the rest of its words."""

    def __init__(self, cast: Any) -> None:
        self.names = {cast.person(name).id: name for name in ("tina", "nuria", "giulia", "aldo")}
        self.known: set[int] = set()
        self()

    def __call__(self) -> dict[tuple[str, str], str]:
        with db.writing():
            while record.sequence():
                pass
        with db.writing():
            run = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
        assert run is not None
        react(run, base_url="https://x.example")
        assert not run.failures
        with db.reading() as session:
            new = session.scalars(select(Message).where(Message.id.not_in(self.known))).all()
        self.known |= {one.id for one in new}
        return {
            (one.event, self.names[one.person_id or 0]): f"{one.title} {one.body} {one.link}" for one in new
        }


@pytest.fixture
def desk(cast: Any) -> Desk:
    found = Desk(cast)
    assert cast.tina
    assert cast.nuria
    return found


def test_the_second_person_is_told_what_waits_and_the_asker_of_the_answer(both: Any, desk: Desk) -> None:
    told, pool = Told(desk.cast), desk.opened()
    asked = desk.asks(Change.INCREASE, pool, 2_000_000)
    first = told()
    assert first.keys() == {("E24", "nuria")}
    assert f"/desk/pools/{pool.year}/digital" in first["E24", "nuria"]
    assert "Digital fund" in first["E24", "nuria"]
    desk.answers(asked)
    second = told()
    assert second.keys() == {("E25", "tina")}
    refused = desk.asks(Change.DECREASE, pool, 2_000_000)
    told()
    desk.answers(refused, refusal="The council has not voted yet")
    assert "The council has not voted yet" in told()["E25", "tina"]


def test_a_new_fund_is_told_too_before_and_after(desk: Desk) -> None:
    told = Told(desk.cast)
    facts = {"year": clock.today().year, "slug": "new", "kind": "funding", "name": "New fund", "office": ""}
    asked = desk.asks(Change.OPEN, None, 2_000_000, facts=facts)
    first = told()
    assert first.keys() == {("E24", "nuria")}
    assert "New fund" in first["E24", "nuria"]
    desk.answers(asked)
    assert told().keys() == {("E25", "tina")}


def test_what_one_person_books_alone_or_what_lapsed_is_told_nobody(desk: Desk) -> None:
    told, pool = Told(desk.cast), desk.opened()
    desk.changed(Change.INCREASE, pool, 1_000)
    desk.asks(Change.INCREASE, pool, 2_000_000)
    clock.set_offset(timedelta(days=40))
    assert told() == {}
