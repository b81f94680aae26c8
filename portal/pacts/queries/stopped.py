"""Pacts that are suspended or over: which of them hold spaces all the same, and why each stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, exists, literal, select

from portal.pacts.lifecycle import State
from portal.pacts.models import Pact
from portal.record import Act, Did
from portal.support.ledger import Kind
from portal.support.lifecycle import State as Given
from portal.support.models import Allocation
from portal.support.spaces.lifecycle import State as Booked
from portal.support.spaces.models import SpaceBooking

if TYPE_CHECKING:
    from datetime import datetime

DID = {
    State.SUSPENDED: Did.PACT_SUSPENDED,
    State.CONCLUDED: Did.PACT_CONCLUDED,
    State.TERMINATED: Did.PACT_TERMINATED,
}


def holding_spaces(now: datetime) -> Select[int, str]:
    """Select number and code of the pacts that stopped, and can book spaces or have some to come."""
    coming = exists().where(
        SpaceBooking.allocation_id == Allocation.id,
        SpaceBooking.state == Booked.BOOKED.value,
        SpaceBooking.begins_at > now,
    )
    mine = (Allocation.subject == literal("pact:") + Pact.code, Allocation.kind == Kind.SPACES.value)
    promised = exists().where(
        *mine, Allocation.state == Given.COMMITTED.value, Allocation.is_stopped.is_(False) | coming
    )
    stopped = Pact.state.in_([state.value for state in DID])
    return select(Pact.id, Pact.code).where(stopped, promised).order_by(Pact.id)


def why(pact: Pact) -> Select[Act]:
    """Select the act by which a pact stopped, the newest one."""
    mine = (Act.subject == pact.key, Act.verb == DID[State(pact.state)].value)
    return select(Act).where(*mine).order_by(Act.id.desc()).limit(1)
