"""Whoever borrowed something of the city hears of the day on which it is due back, each reminder once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.policy import SYSTEM
from portal.subscriptions.reminders import loans
from portal.support import actions
from portal.support.actions.particulars import Also
from portal.support.models import Allocation
from tests.pacts import journey
from tests.support.conftest import Desk, row

CASE = {"pact_class": "ordinary", "profile_version": "bologna/2023/2023-01-01"}


@pytest.mark.parametrize(("days", "told"), [(20, 0), (7, 1), (3, 1), (0, 1), (-2, 2)])
def test_whoever_borrowed_is_told_before_the_day_and_both_sides_after_it(
    cast: Any, days: int, told: int
) -> None:
    pact, desk = journey.signed(cast), Desk(cast)
    giulia = cast.giulia
    pool = desk.opened(20, kind="materials", slug="tools")
    lent = row("s9", "materials", 4, unit="piece", what="Ladders")
    (found,) = desk.approved(
        pool, lent, subject=pact.key, version=9, party_person_id=cast.rosa.person_id, **CASE
    )
    with db.writing() as session:
        actions.commit(pact.key, 9, by=SYSTEM)
        also = Also(condition="Good", due_back_on=clock.today() + timedelta(days=30))
        mine = session.get_one(Allocation, found.id)
        part = actions.deliver(mine, 4, clock.today(), "Note 7", by=giulia, also=also).id
    clock.set_offset(clock.offset() + timedelta(days=30 - days))
    with db.reading() as session:
        known = set(session.scalars(select(Message.id)))
        assert session.scalars(loans.due()).all() == [part]
    for _ in range(2):
        loans.remind_of(part, "https://x.example")
    with db.reading() as session:
        new = session.scalars(select(Message).where(Message.id.not_in(known))).all()
    assert len(new) == told
