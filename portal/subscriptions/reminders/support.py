"""Support that the city promised and has not begun to give is late, and both sides are told once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, select

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.kinds import Kind
from portal.notices.telling import tell
from portal.pacts.lifecycle import State as PactState
from portal.subscriptions.recipients import group, pact_of, people
from portal.support.amounts import Amount
from portal.support.lifecycle import State
from portal.support.models import Allocation
from portal.words import W

# A payment or a machine takes some weeks; after that whoever waits is told that it is not forgotten.
PATIENCE = timedelta(days=30)


def due() -> Select[int]:
    """Select the committed support of which nothing came although its time began."""
    # The hours of a track are given as its groups come; whom they are late for is nobody's pact.
    of_pacts = Allocation.subject.startswith("pact:")
    late = (Allocation.state == State.COMMITTED.value, Allocation.delivered == 0, of_pacts)
    return select(Allocation.id).where(*late, Allocation.starts_on <= clock.today() - PATIENCE)


def remind_of(allocation_id: int, base_url: str) -> None:
    """Tell the group that the city is late, and the officer that somebody waits."""
    with db.writing() as session:
        allocation = session.get_one(Allocation, allocation_id)
        if allocation.delivered or allocation.state != State.COMMITTED.value:
            return
        pact = pact_of(allocation.code)
        if pact.state != PactState.SIGNED.value:
            return
        promised = Amount(allocation.amount, allocation.unit)
        said = W("The city promised %(part)s for “%(title)s”, and is late.", title=pact.title, part=promised)
        for to, kind in [(one, None) for one in group(pact)] + [
            (one, Kind.ACT) for one in people([pact.owner_id])
        ]:
            link = f"{base_url}/{to.language}/pacts/{pact.code}"
            text = Text(W("Support is late"), [said], link, pact.title)
            key = f"E11:{pact.code}:{allocation.id}:late:{to.mark}"
            tell("E11", key, to, text, about=pact.key, kind=kind)
