"""Prepare a decision, hold it back, change it or give it up; publish it once, by the verbs that decide.

Everybody who writes here locks the proposal first: a job and a person, or two jobs, come one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.organisations.actors import actor_for
from portal.pacts.actions.opening import against_opening, open_from
from portal.pacts.models import HeldDecision
from portal.pacts.queries import deciding as queries
from portal.pacts.standing import profile_named
from portal.people import queries as people
from portal.people.models import Person
from portal.policy import SYSTEM, Can
from portal.proposals import actions as proposals
from portal.proposals import answering_clock
from portal.proposals.assessment.actions import check_stated
from portal.proposals.fitting import fits
from portal.proposals.lifecycle import LIFE, Verb
from portal.proposals.models import Proposal
from portal.proposals.queries import OPEN_STATES
from portal.proposals.shapes import LONGEST_TEXT
from portal.record import Did, record
from portal.record.reading import instant_text
from portal.schedule.actions.items import forgetting
from portal.schedule.said import packed
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from portal.policy import Actor

JOB = "held_decisions"
ACCEPT, REFUSE = "accept", "refuse"
LONGEST_SOURCE = 200
NEEDED = {ACCEPT: (Can.CASE_ACCEPT, Verb.ACCEPT), REFUSE: (Can.CASE_REFUSE, Verb.REFUSE)}
NOTHING_HELD = W("No decision is held back here any more: it was published, or a colleague gave it up.")
CHANGED = W("The case changed a moment ago. Look at it again, then decide.")
_NOT_ANY_MORE = W(
    "Whoever prepared this decision may not take it any more."
    " A colleague must change it and so take it over, or give it up."
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be decided; `publish_at` None: when somebody releases it."""

    outcome: str
    reason: str
    source: str = ""
    pact_class: str = ""
    publish_at: datetime | None = None


def hold_decision(proposal: Proposal, prepared: Prepared, *, by: Actor) -> HeldDecision:
    """Keep what is to be decided, or change what is kept; whoever changes it answers for it from then on.

    Refuses with Invalid, with WrongState (this cannot be decided now, no interest stated), and with Stale
    where the case was decided at the same moment.
    """
    policy.check(by, Can.CASE_HOLD, proposal)
    _check_outcome(prepared.outcome)
    can, verb = NEEDED[prepared.outcome]
    policy.check(by, can, proposal)
    LIFE.after(proposal.state, verb)
    check_stated(proposal, by)
    _check_words(prepared, proposal)
    _check_moment(prepared.publish_at, answering_clock.last_day(proposal))
    _lock(proposal)
    row = _held(proposal)
    did = Did.DECISION_CHANGED if row is not None else Did.DECISION_HELD
    row = row or HeldDecision(proposal_id=proposal.id)
    _write(row, prepared, by)
    db.session().add(row)
    db.session().flush()
    db.session().execute(forgetting(JOB, proposal.code))
    # No word of what will be decided: the record is public by its fingerprints.
    until = instant_text(prepared.publish_at) if prepared.publish_at else ""
    record(did, proposal.case_key, by=by, until=until)
    return row


def _check_outcome(outcome: str) -> None:
    if outcome not in NEEDED:
        raise Invalid(W("Choose what is decided"), field="held_outcome")


def _check_words(prepared: Prepared, proposal: Proposal) -> None:
    if not prepared.reason:
        raise Invalid(W("Give the reason that will be published"), field="held_reason")
    fits(prepared.reason, LONGEST_TEXT, field="held_reason")
    if prepared.outcome == REFUSE:
        if not prepared.source:
            sentence = W("Name the rule the reason rests on, like “Regulation, article 4”")
            raise Invalid(sentence, field="held_source")
        fits(prepared.source, LONGEST_SOURCE, field="held_source")
        return
    classes = profile_named(proposal.profile_version).classes
    if prepared.pact_class not in {one.id for one in classes if one.needs_pact}:
        raise Invalid(W("Choose what kind of pact this becomes."), field="held_class")


def _check_moment(moment: datetime | None, last: date | None) -> None:
    if last is not None and clock.today() > last:
        passed = W("The last day for the city's answer was %(day)s. Decide now.", day=f"{last:%d/%m/%Y}")
        raise Invalid(passed, field="held_on")
    if moment is None:
        return
    if moment <= clock.now():
        raise Invalid(W("This moment has passed. Choose a later one, or decide now."), field="held_on")
    if last is not None and clock.local(moment).date() > last:
        late = W("The last day for the city's answer is %(day)s. Hold it no longer.", day=f"{last:%d/%m/%Y}")
        raise Invalid(late, field="held_on")


def _lock(proposal: Proposal) -> None:
    state = db.session().scalar(select(Proposal.state).where(Proposal.id == proposal.id).with_for_update())
    if state != proposal.state:
        raise Stale(CHANGED)


def _held(proposal: Proposal) -> HeldDecision | None:
    fresh = queries.of_case(proposal.id).with_for_update().execution_options(populate_existing=True)
    return db.session().scalar(fresh)


def _write(row: HeldDecision, prepared: Prepared, by: Actor) -> None:
    assert by.person_id is not None  # noqa: S101 - the permission is a city role's
    is_acceptance = prepared.outcome == ACCEPT
    row.state, row.outcome, row.reason = "held", prepared.outcome, prepared.reason
    row.pact_class = prepared.pact_class if is_acceptance else ""
    row.source = "" if is_acceptance else prepared.source
    row.publish_at, row.prepared_by_id, row.prepared_at = prepared.publish_at, by.person_id, clock.now()
    row.stopped_at, row.stopped_why = None, None


def give_up_decision(proposal: Proposal, *, by: Actor) -> None:
    """Give up the decision that is held back; nothing is published. Refuses with WrongState, Stale."""
    policy.check(by, Can.CASE_HOLD, proposal)
    row = _held_now(proposal)
    row.state, row.ended_at, row.ended_by_id = "withdrawn", clock.now(), by.person_id
    db.session().execute(forgetting(JOB, proposal.code))
    record(Did.DECISION_TAKEN_BACK, proposal.case_key, by=by)


def release_decision(proposal: Proposal, *, by: Actor) -> None:
    """Publish the decision now. Refuses with WrongState where a rule stands against it, and with Stale."""
    policy.check(by, Can.CASE_HOLD, proposal)
    _publish(proposal, _held_now(proposal), by=by)


def publish_decision(proposal: Proposal) -> bool:
    """Publish the decision whose moment has come; False where there is none. One that was overtaken ends.

    The proposal must be loaded whole. Refuses as the verbs that decide do; nothing is published then.
    """
    _lock(proposal)
    row = _held(proposal)
    if row is None:
        return False
    if proposal.state not in OPEN_STATES:
        row.state, row.ended_at = "moot", clock.now()
        return True
    if row.publish_at is None or row.publish_at > clock.now():
        return False
    _publish(proposal, row, by=SYSTEM)
    return True


def _publish(proposal: Proposal, row: HeldDecision, *, by: Actor) -> None:
    """Decide by the verb itself, as whoever prepared it, with the roles they have now."""
    person, decides = _who_decides(row)
    can, _ = NEEDED[row.outcome]
    if not policy.allows(decides, can, proposal):
        raise WrongState(_NOT_ANY_MORE)
    if row.outcome == ACCEPT:
        open_from(proposal, reason=row.reason, pact_class=row.pact_class, by=decides)
    else:
        proposals.refuse(proposal, row.reason, row.source, by=decides)
    row.state, row.ended_at, row.ended_by_id = "published", clock.now(), person.id
    row.stopped_at, row.stopped_why = None, None
    record(Did.DECISION_PUBLISHED, proposal.case_key, by=by)
    db.session().flush()


def _who_decides(row: HeldDecision) -> tuple[Person, Actor]:
    person = db.session().scalars(people.with_grants().where(Person.id == row.prepared_by_id)).one()
    return person, actor_for(person, is_proved=person.is_active)


def against_publishing(proposal: Proposal, row: HeldDecision) -> Iterator[W]:
    """Say each reason for which the decision would not be published now, by the rules of the verbs."""
    _, decides = _who_decides(row)
    can, verb = NEEDED[row.outcome]
    if not policy.allows(decides, can, proposal):
        yield _NOT_ANY_MORE
    try:
        LIFE.after(proposal.state, verb)
    except WrongState as refused:
        yield refused.words
    if row.outcome == ACCEPT:
        yield from against_opening(proposal, row.pact_class, by=decides)
        return
    yield from proposals.against_refusal(proposal, by=decides)
    if proposals.is_notice_again(proposal, row.reason):
        yield proposals.NOTICE_AGAIN


def note_stopped(proposal: Proposal, why: W) -> bool:
    """Keep why the decision was not published at its moment; False where it was changed meanwhile."""
    _lock(proposal)
    row = _held(proposal)
    if row is None or row.publish_at is None or row.publish_at > clock.now():
        return False
    row.stopped_at, row.stopped_why = clock.now(), packed(why)
    record(Did.DECISION_STOPPED, proposal.case_key, by=SYSTEM)
    return True


def _held_now(proposal: Proposal) -> HeldDecision:
    _lock(proposal)
    row = _held(proposal)
    if row is None:
        raise WrongState(NOTHING_HELD)
    return row
