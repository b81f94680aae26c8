"""Send a proposal, answer what the city asks, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db, policy, search
from portal.errors import Invalid, WrongState
from portal.policy import Can
from portal.proposals import answering_clock, sections
from portal.proposals.actions.answering import check_fits
from portal.proposals.actions.drafting import check_term, stamp
from portal.proposals.findable import card_of
from portal.proposals.fitting import fits
from portal.proposals.lifecycle import LIFE, State, Verb
from portal.proposals.profiles import newest_for
from portal.proposals.shapes import LONGEST_TEXT, Term
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal, Supplement

_NOT_WHOLE = W("Some sections are not complete yet. Open each one named above, then send.")
_SAY_IT = W("Write your answer")


def submit(proposal: Proposal, *, by: Actor) -> None:
    """Send the proposal to the city; a second sending changes nothing.

    The city's clock starts (L. 241/1990, article 2). Refuses with Invalid while a section is open.
    """
    policy.check(by, Can.PROPOSAL_SUBMIT, proposal)
    # Two clicks at once: the second waits here, then sees that the first was done.
    db.session().refresh(proposal, ["state", "submitted_at", "version_id"], with_for_update=True)
    if proposal.submitted_at is not None:
        return
    target = LIFE.after(proposal.state, Verb.SUBMIT)
    if not sections.is_complete(proposal):
        raise Invalid(_NOT_WHOLE)
    check_fits(proposal)
    check_term(proposal, Term(proposal.starts_on, proposal.ends_on), on=clock.today())
    proposal.profile_version = newest_for(proposal).version_key
    stamp(proposal, by=by)
    proposal.state = target.value
    proposal.submitted_at = clock.now()
    proposal.answer_due_on = answering_clock.last_day(proposal)
    record(Did.PROPOSAL_SUBMITTED, proposal.key, by=by, **_size(proposal))
    search.put(card_of(proposal))


def _size(proposal: Proposal) -> dict[str, object]:
    return {
        "kind": proposal.kind,
        "district": proposal.district,
        "commitments": len(proposal.commitments),
        "asks": sorted(one.kind for one in proposal.asks),
        "fences": sorted(one.catalogue for one in proposal.fences),
        "answer_due_on": str(proposal.answer_due_on),
    }


def open_supplement(proposal: Proposal) -> Supplement | None:
    """Return the request that waits for the holder's answer, if there is one."""
    return next((one for one in proposal.supplements if one.supplied_at is None), None)


def supply(proposal: Proposal, answer: str, *, by: Actor) -> None:
    """Answer the request for missing items: the city's clock runs on from today."""
    policy.check(by, Can.PROPOSAL_SUPPLY, proposal)
    stamp(proposal, by=by)
    target = LIFE.after(proposal.state, Verb.SUPPLY)
    waiting = open_supplement(proposal)
    if waiting is None:
        raise WrongState(W("Nothing is asked of you just now."))
    _check_said(answer, field="answer")
    waiting.answer, waiting.supplied_at = answer, clock.now()
    proposal.state = target.value
    proposal.answer_due_on = answering_clock.last_day(proposal)
    record(
        Did.PROPOSAL_SUPPLIED,
        proposal.key,
        by=by,
        answers="supplement",
        stopped_days=(clock.today() - clock.local(waiting.asked_at).date()).days,
        answer_due_on=str(proposal.answer_due_on),
    )


def reply(proposal: Proposal, text: str, *, by: Actor) -> None:
    """Reply to the notice of refusal (L. 241/1990, article 10-bis); once, the city must then answer it."""
    policy.check(by, Can.PROPOSAL_SUPPLY, proposal)
    stamp(proposal, by=by)
    target = LIFE.after(proposal.state, Verb.REPLY)
    if proposal.reply:
        raise WrongState(W("You have replied already. The city reads your reply before it decides."))
    _check_said(text, field="reply")
    proposal.reply, proposal.replied_at = text, clock.now()
    proposal.state = target.value
    proposal.answer_due_on = answering_clock.last_day(proposal)
    record(
        Did.PROPOSAL_SUPPLIED,
        proposal.key,
        by=by,
        answers="refusal_notice",
        answer_due_on=str(proposal.answer_due_on),
    )


def _check_said(text: str, *, field: str) -> None:
    if not text:
        raise Invalid(_SAY_IT, field=field)
    fits(text, LONGEST_TEXT, field=field)


def withdraw(proposal: Proposal, *, by: Actor) -> None:
    """Take the proposal back, as a draft or after it was sent and before it is decided."""
    policy.check(by, Can.PROPOSAL_WITHDRAW, proposal)
    stamp(proposal, by=by)
    was_sent = proposal.submitted_at is not None
    proposal.state = LIFE.after(proposal.state, Verb.WITHDRAW).value
    search.drop(proposal.key)
    record(Did.PROPOSAL_WITHDRAWN, proposal.key, by=by, was_sent=was_sent)


def lapse(proposal: Proposal, *, by: Actor) -> None:
    """Close a draft nobody came back to, or a case whose missing items never came; the job's verb."""
    policy.check(by, Can.JOBS_RUN)
    was_sent = proposal.submitted_at is not None
    proposal.state = LIFE.after(State(proposal.state), Verb.LAPSE).value
    search.drop(proposal.key)
    record(Did.PROPOSAL_WITHDRAWN, proposal.key, by=by, was_sent=was_sent, lapsed=True)
