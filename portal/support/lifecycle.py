"""The life of an allocation of support."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where an allocation is."""

    ASKED = "asked"
    PROPOSED = "proposed"
    APPROVED = "approved"
    COMMITTED = "committed"
    DELIVERED = "delivered"
    CLOSED = "closed"
    REFUSED = "refused"
    RELEASED = "released"


class Verb(StrEnum):
    """What can be done with an allocation."""

    PROPOSE = "propose"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    COMMIT = "commit"
    DELIVER_PART = "deliver_part"
    DELIVER_REST = "deliver_rest"
    RETURN = "return"
    UNDO = "undo"
    CLOSE = "close"
    REFUSE = "refuse"
    RELEASE = "release"
    ASK_AGAIN = "ask_again"


LIFE = Lifecycle(
    Move(Verb.PROPOSE, (State.ASKED,), State.PROPOSED),
    Move(Verb.SEND_BACK, (State.PROPOSED,), State.ASKED),
    Move(Verb.APPROVE, (State.PROPOSED,), State.APPROVED),
    Move(Verb.COMMIT, (State.APPROVED,), State.COMMITTED),
    Move(Verb.DELIVER_PART, (State.COMMITTED,), State.COMMITTED),
    Move(Verb.DELIVER_REST, (State.COMMITTED,), State.DELIVERED),
    # A bank sent back what it had paid: it is promised as before.
    Move(Verb.UNDO, (State.COMMITTED, State.DELIVERED), State.COMMITTED),
    # Whatever comes back after the settlement is a matter of another year's books.
    Move(Verb.RETURN, (State.COMMITTED,), State.COMMITTED),
    Move(Verb.RETURN, (State.DELIVERED,), State.DELIVERED),
    Move(Verb.CLOSE, (State.COMMITTED, State.DELIVERED), State.CLOSED),
    Move(Verb.REFUSE, (State.ASKED, State.PROPOSED), State.REFUSED),
    Move(Verb.RELEASE, (State.ASKED, State.PROPOSED, State.APPROVED), State.RELEASED),
    # The same version can be agreed to again after somebody took their agreement back.
    Move(Verb.ASK_AGAIN, (State.RELEASED,), State.ASKED),
)

PROMISED = frozenset({State.APPROVED, State.COMMITTED, State.DELIVERED, State.CLOSED})
"""Where a second person has said yes, so that the amount is kept aside or given."""
