"""What tests do over and over with observations: publish a period, speak, answer, and hear a case out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal import clock, db
from portal.observations import actions, queries
from portal.observations.models import Observation, Period
from portal.observations.subjects import Concerned, Subject
from portal.observations.suspicion import Signs
from portal.policy import VISITOR, Actor
from portal.proposals import observed
from portal.proposals.assessment import actions as assessment
from portal.proposals.models import Proposal
from portal.proposals.profiles import profile_of

# As a person sends it: a minute after opening the form.
CALM = Signs(seconds=60)
DAYS = 15


def subject_of(code: str) -> Subject:
    """Return a proposal as what people speak about, in the open unit of work."""
    found = observed.find(code)
    assert found is not None
    return found


def publish(code: str, by: Actor, *, days: int = DAYS, ahead: int = 0) -> Period:
    """Let an officer publish a period that begins today, or later."""
    with db.writing():
        first = clock.today() + timedelta(days=ahead)
        return actions.open_period(subject_of(code), first, first + timedelta(days=days - 1), by=by)


def hear_out(proposal: Proposal, by: Actor) -> None:
    """Publish a period that is over by now, in which nobody said anything; inside a writing unit."""
    now = clock.now()
    before = clock.fix(now - timedelta(days=DAYS + 1))
    first = clock.today()
    actions.open_period(observed.subject(proposal), first, first + timedelta(days=DAYS - 1), by=by)
    clock.fix(before)
    judge(proposal, by)


def judge(proposal: Proposal, by: Actor) -> None:
    """Let an officer state that there is no conflict of interest, and score every criterion."""
    assessment.state_interest(proposal, "", has_conflict=False, by=by)
    scores = {one.id: (3, "As it should be.") for one in profile_of(proposal).criteria}
    assessment.save_scores(proposal, scores, by=by)
    assessment.finish(proposal, by=by)


def say(code: str, text: str = "The gate is too narrow.", by: Actor = VISITOR, **told: Any) -> Observation:
    """Let somebody, a visitor unless named, say something about a proposal."""
    signs = told.pop("signs", CALM)
    kind = told.pop("kind", "worry")
    with db.writing():
        return actions.write(
            subject_of(code), actions.Told(kind, text, told.pop("language", "en"), **told), signs, by=by
        )


def load(code: str) -> Observation:
    """Return an observation as the database holds it."""
    with db.reading() as session:
        return session.scalars(queries.by_code(code)).one()


def do(made: Observation, verb: Callable[[Concerned], Any]) -> Observation:
    """Do something with an observation in a unit of work of its own, and return it."""
    with db.writing() as session:
        found = session.scalars(queries.by_code(made.code)).one()
        verb(Concerned(found, subject_of(found.subject_key.partition(":")[2])))
    return load(made.code)


def answer(
    made: Observation, by: Actor, outcome: str = "accepted", text: str = "We widen it."
) -> Observation:
    """Let the city answer."""
    return do(made, lambda it: actions.answer(it, outcome, text, by=by))


def hide(
    made: Observation, by: Actor, reason: str = "insult", why: str = "It calls people names."
) -> Observation:
    """Let somebody of the city take it out of sight."""
    return do(made, lambda it: actions.hide(it, reason, why, by=by))
