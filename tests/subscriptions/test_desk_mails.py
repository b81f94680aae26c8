"""Staff read in the morning what is due, once, and the deputy in place of whoever is away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.pacts import actions
from portal.pacts.actions.desk import Away
from portal.proposals.models import Proposal
from portal.subscriptions.reminders import desk
from tests.pacts import journey

BASE = "http://127.0.0.1"


def run_morning() -> list[tuple[str, int | None]]:
    for selection, work in ((desk.due, desk.write), (desk.overdue, desk.remind_of)):
        with db.reading() as session:
            found = session.scalars(selection()).all()
        for one in found:
            work(one, BASE)
    with db.reading() as session:
        mails = session.scalars(select(Message).where(Message.event.in_(["E21", "E22"])).order_by(Message.id))
        return [(one.event, one.person_id) for one in mails]


def test_the_desk_of_the_day_goes_once_and_to_the_deputy(cast: Any, move_clock: Any) -> None:
    proposal = journey.submitted(cast)
    giulia, marco = cast.person("giulia"), cast.person("marco")
    with db.writing() as session:
        session.get_one(Proposal, proposal.id).owner_id = giulia.id
    assert run_morning() == []
    move_clock(proposal.answer_due_on - clock.today())
    assert run_morning() == [("E21", giulia.id)]
    assert run_morning() == [("E21", giulia.id)]
    today = clock.today()
    with db.writing():
        actions.enter_absence(giulia, Away(today, today + timedelta(days=9), marco), by=cast.giulia)
    days = 1
    while not journey.city.profile("bologna").calendar.is_working(today + timedelta(days=days)):
        days += 1
    move_clock(timedelta(days=days))
    assert run_morning()[1:] == [("E21", marco.id), ("E22", marco.id)]
