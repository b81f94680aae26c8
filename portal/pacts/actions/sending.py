"""The city sends the newest text to the group: once a day at most, so that a day is one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, policy
from portal.errors import WrongState
from portal.pacts.actions.held import hold, newest
from portal.pacts.lifecycle import LIFE, Verb
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.pacts.models import Pact
    from portal.policy import Actor


def send_version(pact: Pact, *, by: Actor) -> None:
    """Send the newest text to the group, with what changed since the last one it got.

    Refuses with WrongState a second message on one day of the city, and a text the group has already.
    """
    policy.check(by, Can.PACT_SEND, pact)
    pact = hold(pact)
    LIFE.after(pact.state, Verb.MAKE_VERSION)
    if pact.sent_version == pact.last_version:
        raise WrongState(W("The group has this version already."))
    if pact.sent_at is not None and clock.local(pact.sent_at).date() == clock.today():
        raise WrongState(
            W("The group got a version today already. Tomorrow you can send what has changed until then.")
        )
    before = pact.sent_version or 1
    pact.sent_version, pact.sent_at = pact.last_version, clock.now()
    text = newest(pact)
    facts = {"version": text.number, "content_hash": text.content_hash, "before": before}
    record(Did.PACT_VERSION_SENT, pact.key, by=by, **facts)
