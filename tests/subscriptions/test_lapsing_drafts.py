"""Whoever left a draft is told once before it lapses, and again only after it was saved anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.policy import VISITOR
from portal.proposals import actions
from portal.proposals.jobs import DRAFT_KEPT, lapse_old_drafts
from portal.schedule import actions as schedule
from portal.subscriptions import remind
from tests.proposals.steps import PROFILE, begin, do, send
from tests.support.conftest import RULES


@pytest.fixture
def cast(cast):
    cast.person("rosa")
    return cast


def told() -> list[str]:
    with db.writing():
        run = schedule.claim("reminders", clock.real().isoformat(), due_at=clock.now())
    assert run is not None
    remind(run, base_url="https://x.example", rules=RULES)
    with db.reading() as session:
        return list(session.scalars(select(Message.body).where(Message.event == "E12").order_by(Message.id)))


def test_two_weeks_before_its_end_a_draft_s_holder_is_told_once(both, cast, move_clock):
    code = begin(cast.rosa)
    assert told() == []
    move_clock(DRAFT_KEPT - timedelta(days=13))
    for _ in range(2):
        (body,) = told()
        assert code in body
    move_clock(timedelta(days=14))
    with db.writing():
        assert lapse_old_drafts() == 1
    assert len(told()) == 1


def test_a_draft_saved_anew_is_told_of_again(database, cast, move_clock):
    code = begin(cast.rosa)
    move_clock(DRAFT_KEPT - timedelta(days=5))
    assert len(told()) == 1
    do(code, lambda p: actions.save_touched(p, "The school.", by=cast.rosa))
    assert len(told()) == 1
    move_clock(DRAFT_KEPT - timedelta(days=5))
    assert len(told()) == 2


def test_what_was_sent_and_whoever_left_no_address_is_not_written_to(database, cast, move_clock):
    send(cast.rosa)
    with db.writing():
        actions.start(by=VISITOR, profile=PROFILE, language="en")
    move_clock(DRAFT_KEPT - timedelta(days=5))
    assert told() == []
