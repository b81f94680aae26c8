"""Who is told what of groups and co-authors, once, and reminded of what ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.organisations import actions
from portal.organisations.models import Scope
from portal.record import Act, Did
from portal.record import actions as record
from portal.subscriptions.reactions import REACTIONS
from portal.subscriptions.reminders import mandates
from portal.subscriptions.telling import News
from tests.organisations import groups

BASE = "http://127.0.0.1:8000"


def told(verb: Did) -> list[tuple[int | None, str]]:
    """React to the newest act of a kind, twice; return who got which title."""
    with db.writing() as session:
        record.sequence()
        act = session.scalars(select(Act).where(Act.verb == verb.value).order_by(Act.id.desc())).first()
        assert act is not None
        for _ in range(2):
            REACTIONS[verb](News(act, BASE))
    return messages()


def messages() -> list[tuple[int | None, str]]:
    with db.reading() as session:
        found = session.scalars(select(Message).order_by(Message.id))
        return [(one.person_id, one.title) for one in found]


def test_who_speaks_is_told_of_a_request_and_who_asked_of_the_answer(cast: Any) -> None:
    group, nina, rosa = groups.founded(cast), cast.nina, cast.rosa
    with db.writing():
        asked = actions.ask_to_join(groups.here(group), "", by=nina)
    found = told(Did.MEMBERSHIP_ASKED)
    assert [who for who, _ in found] == [cast.person("rosa").id]
    with db.writing():
        actions.answer_request(groups.here(group), asked.id, accept=False, by=rosa)
    found = told(Did.MEMBERSHIP_ANSWERED)
    assert [who for who, _ in found] == [cast.person("rosa").id, cast.person("nina").id]


def test_who_was_removed_is_told(cast: Any) -> None:
    group, rosa = groups.founded(cast), cast.rosa
    groups.admitted(cast, group, "teo")
    with db.writing():
        actions.remove(groups.here(group), cast.person("teo").pseudonym, by=rosa)
    assert [who for who, _ in told(Did.MEMBER_REMOVED)] == [cast.person("teo").id]


def test_a_mandate_that_ends_in_a_fortnight_is_told_of_once(cast: Any, move_clock: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo")
    until = clock.real() + timedelta(days=30)
    groups.mandated(cast, group, "teo", groups.given(Scope.EVERYTHING, until=until))
    for day, count in ((0, 0), (17, 2), (1, 2), (20, 2)):
        move_clock(timedelta(days=day))
        with db.reading() as session:
            due = session.scalars(mandates.due()).all()
        for number in due:
            mandates.remind_of(number, BASE)
        assert len(messages()) == count, day
    assert {who for who, _ in messages()} == {cast.person("rosa").id, cast.person("teo").id}
