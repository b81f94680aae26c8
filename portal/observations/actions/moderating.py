"""Let an observation appear or take it out of sight with a reason; its author may ask for a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.observations.actions.answering import check_said
from portal.observations.lifecycle import LIFE, State, Verb
from portal.observations.models import ReaderReport
from portal.observations.shapes import Reason
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.observations.models import Observation
    from portal.observations.subjects import Concerned
    from portal.policy import Actor

_CHOOSE = W("Choose a reason from the list")


def publish(concerned: Concerned, *, by: Actor) -> None:
    """Let an observation appear that waited for a look."""
    observation = concerned.observation
    policy.check(by, Can.OBSERVATION_MODERATE, concerned)
    observation.state = LIFE.after(observation.state, Verb.PUBLISH).value
    observation.published_at = clock.now()
    facts = {"observation": observation.code, "kind": observation.kind}
    record(Did.OBSERVATION_PUBLISHED, observation.subject_key, by=by, **facts)


def hide(concerned: Concerned, reason: str, why: str, *, by: Actor) -> None:
    """Take an observation out of sight; everybody sees that it was hidden and for which reason, not its text.

    `why` is told to the author. What a second person has put back stays where it is: WrongState.
    """
    observation = concerned.observation
    policy.check(by, Can.OBSERVATION_MODERATE, concerned)
    target = LIFE.after(observation.state, Verb.HIDE)
    if observation.decided_at is not None:
        raise WrongState(W("A second person has decided that this stays public."))
    if reason not in set(Reason):
        raise Invalid(_CHOOSE, field="hidden_for")
    check_said(why, field="hidden_why", words=W("Tell the author what is wrong with it"))
    observation.state = target.value
    observation.hidden_at, observation.hidden_by_id = clock.now(), by.person_id
    observation.hidden_for, observation.hidden_why = reason, why
    _settle(observation)
    record(
        Did.OBSERVATION_HIDDEN, observation.subject_key, by=by, observation=observation.code, because=reason
    )


def contest(observation: Observation, words: str, *, by: Actor) -> None:
    """Ask, as its author and once, that a second person look at what was hidden."""
    policy.check(by, Can.OBSERVATION_CONTEST, observation)
    target = LIFE.after(observation.state, Verb.CONTEST)
    check_said(words, field="contest", words=W("Say why it should be seen"))
    observation.state = target.value
    observation.contest, observation.contested_at = words, clock.now()
    record(Did.OBSERVATION_CONTESTED, observation.subject_key, by=by, observation=observation.code)


def restore(concerned: Concerned, why: str, *, by: Actor) -> None:
    """Decide, as a second person, that what was hidden is seen again."""
    _decide(concerned, Verb.RESTORE, why, by=by)


def uphold(concerned: Concerned, why: str, *, by: Actor) -> None:
    """Decide, as a second person, that what was hidden stays so; the author has no further appeal here."""
    _decide(concerned, Verb.UPHOLD, why, by=by)


def _decide(concerned: Concerned, verb: Verb, why: str, *, by: Actor) -> None:
    observation = concerned.observation
    policy.check(by, Can.OBSERVATION_DECIDE, concerned)
    target = LIFE.after(observation.state, verb)
    check_said(why, field="decided_why", words=W("Give the reason that the author will read"))
    observation.decided_at, observation.decided_by_id = clock.now(), by.person_id
    observation.decided_why = why
    if target is State.PUBLISHED and observation.published_at is None:
        observation.published_at = clock.now()
    observation.state = target.value
    facts = {"observation": observation.code, "restored": target is State.PUBLISHED}
    record(Did.OBSERVATION_DECIDED, observation.subject_key, by=by, **facts)


def report(observation: Observation, reason: str, *, by: Actor) -> ReaderReport:
    """Tell staff, as a reader, that this should not stand there; who told them is not kept."""
    policy.check(by, Can.OBSERVATION_REPORT, observation)
    if observation.state != State.PUBLISHED:
        raise WrongState(W("This observation cannot be seen any more."))
    if reason not in set(Reason):
        raise Invalid(_CHOOSE, field="reason")
    made = ReaderReport(observation_id=observation.id, reason=reason, reported_at=clock.now())
    db.session().add(made)
    record(Did.OBSERVATION_REPORTED, observation.subject_key, by=by, observation=observation.code)
    return made


def settle_reports(concerned: Concerned, *, by: Actor) -> None:
    """Say that what readers reported was looked at and may stay."""
    policy.check(by, Can.OBSERVATION_MODERATE, concerned)
    _settle(concerned.observation)


def _settle(observation: Observation) -> None:
    still_open = (ReaderReport.observation_id == observation.id, ReaderReport.settled_at.is_(None))
    db.session().execute(update(ReaderReport).where(*still_open).values(settled_at=clock.now()))
