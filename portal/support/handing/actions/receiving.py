"""What the group says of a delivery, and what the city answers to an objection."""

from __future__ import annotations

from portal import clock, db, policy
from portal.errors import Invalid, Stale
from portal.policy import Actor, Can
from portal.record import Did
from portal.support.actions import books
from portal.support.handing import queries
from portal.support.handing.said import GROUNDS
from portal.support.models import Allocation, Delivery
from portal.support.models.handing import Reception
from portal.words import W

SAID_ALREADY = W("Somebody of your group has said what arrived already. Look again.")
ANSWERED_ALREADY = W("A colleague has answered this already. Look again.")


def accept(allocation: Allocation, delivery: Delivery, *, by: Actor) -> Reception:
    """Confirm, for the group, that this part arrived as the city entered it; once for each delivery."""
    return _say(allocation, delivery, Reception(verdict="accepted"), by=by)


def object_to(
    allocation: Allocation, delivery: Delivery, ground: str, reason: str, *, by: Actor
) -> Reception:
    """Say, for the group, that this part did not arrive as entered: partly, not at all, damaged, other."""
    if ground not in GROUNDS:
        raise Invalid(W("Choose what is wrong"), field="ground")
    if not reason.strip():
        raise Invalid(W("Say what is missing or wrong, so that the city can put it right"), field="reason")
    said = Reception(verdict="objected", ground=ground, reason=reason.strip())
    return _say(allocation, delivery, said, by=by)


def _say(allocation: Allocation, delivery: Delivery, said: Reception, *, by: Actor) -> Reception:
    policy.check(by, Can.SUPPORT_CONFIRM, allocation)
    if db.session().get(Reception, delivery.id) is not None:
        raise Stale(SAID_ALREADY)
    said.delivery_id = delivery.id
    said.said_by_id, said.said_at = by.person_id, clock.now()
    db.session().add(said)
    db.session().flush()
    did = Did.SUPPORT_ACCEPTED if said.verdict == "accepted" else Did.SUPPORT_OBJECTED
    books.remember(did, allocation, by=by, part=delivery.amount)
    return said


def answer(allocation: Allocation, delivery_id: int, words: str, *, by: Actor) -> None:
    """Answer an objection for the city, once; what is to be put right is entered beside it."""
    policy.check(by, Can.SUPPORT_DELIVER, allocation)
    if not words.strip():
        raise Invalid(W("Say what the city does about it"), field="answer")
    answered = db.session().scalar(queries.answer_once(delivery_id, words.strip(), by.person_id, clock.now()))
    if answered is None:
        raise Stale(ANSWERED_ALREADY)
    books.remember(Did.SUPPORT_ANSWERED, allocation, by=by)
