"""What becomes of a signed pact: suspended, resumed, concluded, ended early; each with reason and source."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid
from portal.fences import actions as fences
from portal.pacts import queries
from portal.pacts.actions.held import hold
from portal.pacts.lifecycle import LIFE, Verb
from portal.pacts.queries import stopped
from portal.policy import Can
from portal.record import Did, record
from portal.support.handing import actions as handing
from portal.support.spaces import actions as spaces
from portal.words import W, say

if TYPE_CHECKING:
    from portal.pacts.models import Pact
    from portal.policy import Actor

_DID = {
    Verb.SUSPEND: Did.PACT_SUSPENDED,
    Verb.RESUME: Did.PACT_RESUMED,
    Verb.CONCLUDE: Did.PACT_CONCLUDED,
    Verb.TERMINATE: Did.PACT_TERMINATED,
}
_ENDS = frozenset({Verb.CONCLUDE, Verb.TERMINATE})


def suspend(pact: Pact, reason: str, source: str, *, by: Actor) -> None:
    """Suspend a signed pact: until it is resumed it is not in force, and the city gives and pays nothing.

    Bookings of spaces to come are cancelled with it. The reason is public.
    """
    _move(pact, Verb.SUSPEND, reason, source, by=by)


def resume(pact: Pact, reason: str, source: str, *, by: Actor) -> None:
    """Let a suspended pact go on."""
    _move(pact, Verb.RESUME, reason, source, by=by)


def conclude(pact: Pact, reason: str, source: str, *, by: Actor) -> None:
    """End a pact that has run its course."""
    _move(pact, Verb.CONCLUDE, reason, source, by=by)


def terminate(pact: Pact, reason: str, source: str, *, by: Actor) -> None:
    """End a pact before its time; the source is the clause or the rule that allows it.

    As with any end, the bookings of spaces to come are cancelled with it.
    """
    _move(pact, Verb.TERMINATE, reason, source, by=by)


def stop_spaces(pact: Pact, *, by: Actor) -> None:
    """Cancel the bookings to come of a pact that is suspended or over, with the reason that was given then.

    For pacts that stopped before their bookings were cancelled with it. One that goes on by now keeps them.
    """
    policy.check(by, Can.PACT_STEER, pact)
    pact = hold(pact)
    if pact.state not in stopped.DID:
        return
    act = db.session().scalars(stopped.why(pact)).first()
    reason = str(act.facts["reason"]) if act is not None else say(spaces.STOPPED, pact.language)
    spaces.cancel_coming(pact.key, reason, by=by)


def _move(pact: Pact, verb: Verb, reason: str, source: str, *, by: Actor) -> None:
    policy.check(by, Can.PACT_STEER, pact)
    if not reason.strip():
        raise Invalid(W("Give the reason: everybody can read it."), field="reason")
    if not source.strip():
        raise Invalid(W("Name the clause or the rule on which this rests."), field="source")
    pact = hold(pact)
    pact.state = LIFE.after(pact.state, verb).value
    if verb in _ENDS:
        pact.ended_at = clock.now()
        _end_fences(pact, by=by)
        spaces.cancel_coming(pact.key, reason.strip(), by=by)
        # What was approved before the end is paid, also where the pact was suspended last.
        handing.go_on(pact.key)
    elif verb == Verb.SUSPEND:
        spaces.cancel_coming(pact.key, reason.strip(), by=by)
        handing.suspend(pact.key)
    else:
        spaces.let_go_on(pact.key)
        handing.go_on(pact.key)
    record(_DID[verb], pact.key, by=by, reason=reason.strip(), source=source.strip())


def _end_fences(pact: Pact, *, by: Actor) -> None:
    # A fence ends with its pact; one that ends before its first day keeps that one day.
    text = db.session().scalars(queries.version(pact.id, pact.agreed_version or 0)).one().text
    begins = date.fromisoformat(text["starts_on"])
    until = max(clock.today(), begins + timedelta(days=1))
    fences.set_fences(
        pact.key, text["fences"], begins, min(until, date.fromisoformat(text["ends_on"])), by=by
    )
