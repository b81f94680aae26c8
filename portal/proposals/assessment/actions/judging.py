"""State an interest first, then score by the city's criteria; a finished version stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Can, Role
from portal.proposals.assessment import queries, rules
from portal.proposals.fitting import fits
from portal.proposals.lifecycle import LIFE, Verb
from portal.proposals.models import Assessment, InterestStatement
from portal.proposals.profiles import profile_of
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal

LONGEST = 1000
STATE_FIRST = W("First state whether you have a conflict of interest in this case.")
_WHICH = W("Say which interest you have, in a few words")
_STATED = W("You stated a conflict of interest in this case, and that stands. A colleague looks at it.")
_WHOLE = W("Give every criterion a score and a reason, then finish the assessment.")
_FINISH = W("Finish the assessment first: every criterion needs a score and a reason.")


def state_interest(proposal: Proposal, which: str, *, has_conflict: bool, by: Actor) -> None:
    """State that there is no conflict of interest, or which; with one the case goes back to nobody.

    Saying the same again changes nothing; a conflict that was stated stays stated.
    """
    policy.check(by, Can.CASE_DECLARE, proposal)
    if has_conflict and not which:
        raise Invalid(_WHICH, field="which")
    fits(which, LONGEST, field="which")
    there = db.session().scalar(queries.statement(proposal.id, by.person_id))
    if there is not None and there.has_conflict:
        raise WrongState(_STATED)
    if there is not None and not has_conflict:
        return
    row = there or InterestStatement(proposal_id=proposal.id, person_id=by.person_id)
    row.has_conflict, row.which, row.stated_at = has_conflict, which if has_conflict else "", clock.now()
    db.session().add(row)
    record(Did.CASE_INTEREST_STATED, proposal.case_key, by=by, has_conflict=has_conflict)
    if has_conflict:
        _hand_back(proposal, by)
    db.session().flush()


def _hand_back(proposal: Proposal, by: Actor) -> None:
    proposal.conflicted_ids = [*(proposal.conflicted_ids or ()), by.person_id]  # type: ignore[list-item] # staff: signed in
    if proposal.owner_id == by.person_id:
        proposal.owner_id = None
        record(Did.CASE_HANDED_BACK, proposal.case_key, by=by)


def check_stated(proposal: Proposal, by: Actor) -> None:
    """Refuse with WrongState whoever has not stated their interest in this case."""
    for words in unstated(proposal, by):
        raise WrongState(words)


def unstated(proposal: Proposal, by: Actor) -> Iterator[W]:
    """Say that somebody has not stated their interest in this case, where they have not."""
    if by.kind != "system" and db.session().scalar(queries.statement(proposal.id, by.person_id)) is None:
        yield STATE_FIRST


def save_scores(proposal: Proposal, scores: Mapping[str, tuple[int | None, str]], *, by: Actor) -> Assessment:
    """Save (score, reason) by criterion as they stand, whole or not; after a finished version the next."""
    policy.check(by, Can.CASE_ASSESS, proposal)
    LIFE.after(proposal.state, Verb.ASSESS)
    check_stated(proposal, by)
    kept: dict[str, Any] = {}
    for criterion in profile_of(proposal).criteria:
        score, reason = scores.get(criterion.id, (None, ""))
        fits(reason, LONGEST, field=f"reason_{criterion.id}")
        kept[criterion.id] = {"score": score, "reason": reason}
    row = _draft(proposal, by)
    row.scores, row.by_id, row.saved_at = kept, by.person_id, clock.now()  # type: ignore[assignment] # staff: signed in
    db.session().flush()
    return row


def _draft(proposal: Proposal, by: Actor) -> Assessment:
    last = db.session().scalar(queries.newest(proposal.id))
    # What a colleague began stays theirs: whoever wrote any version is among those who assessed.
    if last is not None and last.finished_at is None and last.by_id == by.person_id:
        return last
    number = last.number + 1 if last is not None else 1
    made = Assessment(proposal_id=proposal.id, number=number, by_id=by.person_id, saved_at=clock.now())
    db.session().add(made)
    return made


def finish(proposal: Proposal, *, by: Actor) -> None:
    """Finish the newest version; refuses with Invalid while a criterion lacks its score or reason."""
    policy.check(by, Can.CASE_ASSESS, proposal)
    LIFE.after(proposal.state, Verb.ASSESS)
    check_stated(proposal, by)
    row = db.session().scalar(queries.newest(proposal.id))
    found = rules.result(row.scores if row else {}, profile_of(proposal).criteria)
    if row is None or not found.is_whole:
        raise Invalid(_WHOLE)
    if row.finished_at is None:
        row.finished_at = clock.now()
        record(Did.CASE_ASSESSED, proposal.case_key, by=by, version=row.number)


def not_ready(proposal: Proposal, *, by: Actor) -> Iterator[W]:
    """Say what must come before it is accepted: statement, scores, an answer to whoever is against it."""
    yield from unstated(proposal, by)
    if db.session().scalar(queries.finished(proposal.id)) is None:
        yield _FINISH
    yield from rules.against(db.session().scalars(queries.opinions(proposal.id)))


def advises(by: Actor, kind: str) -> bool:
    """Say whether somebody's roles reach to opinions of this kind."""
    return kind in rules.kinds_of(Role(role) for role in by.roles)
