"""Whoever borrowed something of the city is told before the day on which it is due back, and once after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.kinds import Kind
from portal.notices.telling import tell
from portal.subscriptions.recipients import group, in_words, nearest, pact_of, people
from portal.support.amounts import Amount
from portal.support.handing import queries
from portal.support.handing.showing import giving_of
from portal.words import W

if TYPE_CHECKING:
    from sqlalchemy import Select

# No city reminds earlier; which days it chose stands in its profile.
EARLIEST = timedelta(days=60)


def due() -> Select[int]:
    """Select what is on loan and due back soon, or was due back already."""
    return queries.loans(clock.today() + EARLIEST)


def remind_of(delivery_id: int, base_url: str) -> None:
    """Tell the group on the days of the profile, and both sides once when the day has passed."""
    with db.writing() as session:
        row, loan = session.execute(queries.loan(delivery_id)).one()
        giving = giving_of(row)
        if giving is None or loan.due_back_on is None or loan.back >= loan.lent:
            return
        left = (loan.due_back_on - clock.today()).days
        mark = -1 if left < 0 else nearest(left, giving.loan_reminder_days)
        if mark is None:
            return
        pact = pact_of(row.code)
        title = W("Something is due back") if left >= 0 else W("Something was due back")
        told = [(to, f"pacts/{pact.code}/support") for to in group(pact)]
        if left < 0:
            told += [(to, f"desk/allocate/{pact.code}/{row.row_key}") for to in people([pact.owner_id])]
        for to, place in told:
            said = [_said(Amount(loan.lent - loan.back, row.unit), row.what, in_words(loan.due_back_on, to))]
            text = Text(title, said, f"{base_url}/{to.language}/{place}", pact.title)
            key = f"E11:{pact.code}:{delivery_id}:back-{mark}:{to.mark}"
            tell("E11", key, to, text, about=pact.key, kind=Kind.ACT)


def _said(amount: Amount, what: str, day: str) -> W:
    return W(
        "On loan from the city and due back on %(day)s: %(amount)s, %(what)s.",
        day=day,
        amount=amount,
        what=what,
    )
