"""The public words of support: its kinds, its states and what the ledger books."""

from __future__ import annotations

from portal.support.ledger import Kind, Movement
from portal.support.lifecycle import State
from portal.words import W

KINDS = {
    Kind.FUNDING: W("Funding"),
    Kind.SERVER: W("Server space"),
    Kind.LEGAL: W("Legal help"),
}
TONES = {Kind.FUNDING: "green", Kind.SERVER: "blue", Kind.LEGAL: "terra"}
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
    Movement.RESERVED: W("Kept aside"),
    Movement.RELEASED: W("Given back"),
    Movement.COMMITTED: W("Promised by signature"),
    Movement.DELIVERED: W("Given"),
}
