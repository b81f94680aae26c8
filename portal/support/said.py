"""The public words of support: its kinds, its states and what the ledger books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.support.amounts import Amount
from portal.support.changes import Change
from portal.support.ledger import UNITS, Kind, Movement
from portal.support.lifecycle import State
from portal.support.subjects import is_track
from portal.words import W

if TYPE_CHECKING:
    from portal.city import PoolRules
    from portal.support.models import PoolRequest

KINDS = {
    Kind.FUNDING: W("Funding"),
    Kind.SERVER: W("Server space"),
    Kind.LEGAL: W("Legal help"),
    Kind.SPACES: W("Spaces"),
    Kind.MATERIALS: W("Materials"),
    Kind.TRAINING: W("Training"),
    Kind.INSURANCE: W("Insurance"),
    Kind.WAIVERS: W("Fees waived"),
    Kind.COMMUNICATION: W("Communication"),
}
TONES = {
    Kind.FUNDING: "green",
    Kind.SERVER: "blue",
    Kind.LEGAL: "terra",
    Kind.SPACES: "ochre",
    Kind.MATERIALS: "ochre",
    Kind.TRAINING: "terra",
    Kind.INSURANCE: "green",
    Kind.WAIVERS: "green",
    Kind.COMMUNICATION: "terra",
}
STATES = {
    State.ASKED: W("Asked"),
    State.PROPOSED: W("Proposed"),
    State.APPROVED: W("Promised"),
    State.COMMITTED: W("Promised"),
    State.DELIVERED: W("Given"),
    State.CLOSED: W("Closed"),
    State.REFUSED: W("Refused"),
    State.RELEASED: W("Given back"),
}
STATE_TONES = {
    State.ASKED: "",
    State.PROPOSED: "blue",
    State.APPROVED: "green",
    State.COMMITTED: "green",
    State.DELIVERED: "green",
    State.CLOSED: "plain",
    State.REFUSED: "plain",
    State.RELEASED: "plain",
}
MOVEMENTS = {
    Movement.OPENED: W("Fund opened"),
    Movement.INCREASED: W("Increased"),
    Movement.DECREASED: W("Decreased"),
    Movement.TRANSFERRED_OUT: W("Moved to another fund"),
    Movement.TRANSFERRED_IN: W("Came from another fund"),
    Movement.CARRIED_OUT: W("Carried over to another year"),
    Movement.CARRIED_IN: W("Carried over from another year"),
    Movement.RECOVERED: W("Came back from an earlier year"),
    Movement.WRITTEN_OFF: W("Written off"),
    Movement.CLOSED: W("Left over at the closing"),
    Movement.RESERVED: W("Kept aside"),
    Movement.RELEASED: W("Given back"),
    Movement.COMMITTED: W("Promised by signature"),
    Movement.DELIVERED: W("Given"),
    Movement.FREED: W("Promised and not needed any more"),
    Movement.RETURNED: W("Given and come back"),
    Movement.LOST: W("Lent and lost"),
    Movement.RESERVE_OUT: W("Kept aside, moved to another year"),
    Movement.RESERVE_IN: W("Kept aside, moved from another year"),
    Movement.PROMISE_OUT: W("Promise moved to another year"),
    Movement.PROMISE_IN: W("Promise moved from another year"),
}

BINDING = {True: W("Bound as the stage began"), False: MOVEMENTS[Movement.COMMITTED]}
"""What binds a promise: at a track of a call nobody signs, its stage begins."""


def booked(movement: str, subject: str = "") -> W:
    """Return what a row of a ledger booked, for a subject or its code, in the words that are true of it."""
    one = Movement(movement)
    return BINDING[is_track(subject)] if one is Movement.COMMITTED else MOVEMENTS[one]


def limits(rules: PoolRules) -> list[dict[str, object]]:
    """Return above which amount two persons decide, by kind."""
    most = rules.second_person_above
    return [
        {"kind": KINDS[kind], "amount": Amount(most[kind], UNITS[kind][0])} for kind in Kind if kind in most
    ]


CHANGES = {
    Change.OPEN: W("Open a fund"),
    Change.INCREASE: W("Increase"),
    Change.DECREASE: W("Decrease"),
    Change.TRANSFER: W("Move to another fund"),
    Change.CARRY_OVER: W("Carry over to a later year"),
    Change.WRITE_OFF: W("Write off"),
    Change.CORRECT: W("Put a row right"),
    Change.REASSIGN: W("Money that belongs to another group"),
    Change.CLOSE: W("Close the year"),
}
EXPLAINED = {
    Change.INCREASE: W("The fund has more to give."),
    Change.DECREASE: W("Only what is still left can be taken out."),
    Change.TRANSFER: W("Only what is still left can go to another fund that gives the same."),
    Change.CARRY_OVER: W(
        "All that is promised and not yet given moves to the later year. Of what is left as much as you say."
    ),
    Change.WRITE_OFF: W("What is lost or broken is no longer there to be given."),
    Change.REASSIGN: W("What arrived was another group's. It is booked anew for the right one."),
    Change.CORRECT: W("The wrong row stays. A new row books the difference and says why."),
    Change.CLOSE: W("What is left stays unused. After this nothing in the fund changes any more."),
}
GOES_ON_WHOLE = W(
    "All that is left of what is set aside goes on in a fund of the next year, and this one closes. "
    "Each project keeps what it has not drawn of its share, to the cent."
)


def unit_of(request: PoolRequest) -> str:
    """Return the unit of the amount that a request names."""
    return request.pool.unit if request.pool else UNITS[Kind(request.facts["kind"])][0]


FIGURES = (
    W("In all"),
    W("Kept aside"),
    W("Promised by signature"),
    W("Given"),
    W("Left"),
)
MEASURES = {
    "cent": W("Money"),
    "vcpu": W("Processors"),
    "memory_gb": W("Memory"),
    "storage_gb": W("Storage"),
    "traffic_gb": W("Traffic a month"),
    "hour": W("Hours"),
    "piece": W("Pieces"),
}
