"""Whoever writes or wrote under a call is told of its changes, once each, in their own language."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.proposals.calls import actions
from portal.record import actions as record
from portal.schedule import actions as schedule
from portal.subscriptions import react
from tests.proposals.calls.steps import do, drafted, published
from tests.proposals.calls.test_calls import begun, sent


def _told():
    with db.writing():
        record.sequence()
    with db.writing():
        run = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
    assert run is not None
    react(run, base_url="https://x.example")
    with db.reading() as session:
        return session.scalars(select(Message).where(Message.event == "E19").order_by(Message.id)).all()


def test_more_time_is_told_to_all_who_write_or_wrote_under_it(cast):
    rosa = cast.person("rosa").id
    ref = published(cast)
    begun(cast.rosa, ref)
    sent(cast.rosa, ref)
    do(ref, lambda call: actions.extend(call, clock.now() + timedelta(days=60), "Holidays", by=cast.marco))
    (message,) = _told()
    assert message.person_id == rosa
    assert message.link.endswith(f"/calls/{ref}")
    assert [one.id for one in _told()] == [message.id]


def test_of_a_draft_that_is_called_off_nobody_is_told(cast):
    ref = drafted(cast)
    do(ref, lambda call: actions.cancel(call, "A mistake", by=cast.marco))
    assert _told() == []
