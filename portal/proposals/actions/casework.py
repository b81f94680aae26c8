"""What an officer does with a proposal: take it, look at it, ask, announce a refusal, refuse, accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from portal import city, clock, db, policy
from portal.commons.actions import Listing
from portal.errors import Invalid, WrongState
from portal.people.models import Person
from portal.policy import Can
from portal.proposals import checklist
from portal.proposals.actions.drafting import fits
from portal.proposals.checklist import Mark
from portal.proposals.lifecycle import LIFE, Verb
from portal.proposals.models import Supplement
from portal.proposals.profiles import profile_of
from portal.proposals.shapes import LONGEST_TEXT
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from portal.policy import Actor
    from portal.proposals.models import Proposal

LONGEST_NOTE = 500
LONGEST_SOURCE = 200


def assign(proposal: Proposal, *, by: Actor) -> None:
    """Take the case, or take it over: the record then names who had it. Taking it twice changes nothing."""
    policy.check(by, Can.CASE_ASSIGN, proposal)
    target = LIFE.after(proposal.state, Verb.ASSIGN)
    if proposal.owner_id == by.person_id:
        return
    former = db.session().get(Person, proposal.owner_id) if proposal.owner_id is not None else None
    proposal.state = target.value
    proposal.owner_id = by.person_id
    record(Did.CASE_ASSIGNED, proposal.key, by=by, former=former.pseudonym if former else "")


def ask_supplement(proposal: Proposal, request: str, *, by: Actor) -> Supplement:
    """Ask once for what is missing; the city's clock stops until the answer (L. 241/1990, article 2)."""
    policy.check(by, Can.CASE_ASK_SUPPLEMENT, proposal)
    _refuse_second_request(proposal)
    target = LIFE.after(proposal.state, Verb.ASK_SUPPLEMENT)
    _check_said(request, field="supplement_request", words=W("Say what is missing and how to send it"))
    due = city.deadline(clock.today(), profile_of(proposal).clock("supplement"))
    asked = Supplement(asked_at=clock.now(), request=request, answer_due_on=due, answer="")
    proposal.supplements.append(asked)
    proposal.state = target.value
    record(Did.PROPOSAL_SUPPLEMENT_ASKED, proposal.key, by=by, answer_due_on=str(due))
    return asked


def _refuse_second_request(proposal: Proposal) -> None:
    if not proposal.supplements:
        return
    earlier = proposal.supplements[-1]
    day = clock.local(earlier.asked_at).strftime("%d/%m/%Y")
    if earlier.supplied_at is None:
        raise WrongState(W("There is already an open request from %(day)s. Wait for the answer.", day=day))
    raise WrongState(
        W("The clock was stopped once already, on %(day)s, and the law allows it only once.", day=day)
    )


def save_completeness(proposal: Proposal, found: Mapping[str, tuple[str, str]], *, by: Actor) -> None:
    """Save (mark, note) for each item of the checklist; an unknown mark means not looked at."""
    policy.check(by, Can.CASE_ASSESS, proposal)
    target = LIFE.after(proposal.state, Verb.ASSESS)
    kept = {}
    for item in checklist.items_for(proposal.kind):
        mark, note = found.get(item.id, ("", ""))
        fits(note, LONGEST_NOTE, field=f"note_{item.id}")
        if mark in set(Mark):
            kept[item.id] = {"mark": str(mark), "note": note}
    proposal.completeness = kept
    proposal.state = target.value


def notice_refusal(proposal: Proposal, reason: str, source: str, *, by: Actor) -> None:
    """Announce a refusal with its reasons; the holder has ten days to reply (L. 241/1990, article 10-bis)."""
    policy.check(by, Can.CASE_REFUSE, proposal)
    target = LIFE.after(proposal.state, Verb.NOTICE_REFUSAL)
    _take_reason(proposal, reason, source, field="notice")
    proposal.state = target.value
    proposal.noticed_at = clock.now()
    record(
        Did.PROPOSAL_REFUSAL_NOTICED, proposal.key, by=by, source=source, reply_by=str(reply_day(proposal))
    )


def reply_day(proposal: Proposal) -> date | None:
    """Return the last day for a reply to the notice of refusal, None where there is no notice."""
    if proposal.noticed_at is None:
        return None
    noticed_on = clock.local(proposal.noticed_at).date()
    return city.deadline(noticed_on, profile_of(proposal).clock("refusal_reply"))


def may_refuse_now(proposal: Proposal) -> bool:
    """Say whether the reply has come or its days have passed."""
    last = reply_day(proposal)
    return last is not None and (bool(proposal.reply) or clock.today() > last)


def refuse(proposal: Proposal, reason: str, source: str, *, by: Actor) -> None:
    """Refuse with a reason and its source, after the reply or after its days have passed."""
    policy.check(by, Can.CASE_REFUSE, proposal)
    target = LIFE.after(proposal.state, Verb.REFUSE)
    if not may_refuse_now(proposal):
        day = reply_day(proposal)
        raise WrongState(
            W("Wait for the reply, or until %(day)s has passed.", day=day.strftime("%d/%m/%Y") if day else "")
        )
    _take_reason(proposal, reason, source, field="refusal")
    proposal.state = target.value
    proposal.decided_at = clock.now()
    proposal.assessor_id = by.person_id
    record(Did.PROPOSAL_REFUSED, proposal.key, by=by, source=source, replied=bool(proposal.reply))


def accept_for_codesign(proposal: Proposal, reason: str, *, by: Actor) -> None:
    """Accept the proposal, so that a pact can be written: the downward half of opening one.

    Refuses with WrongState while the completeness check is open, with Invalid without a reason.
    """
    policy.check(by, Can.CASE_ACCEPT, proposal)
    target = LIFE.after(proposal.state, Verb.ACCEPT)
    if not checklist.is_complete(proposal.completeness, proposal.kind):
        raise WrongState(W("Look at every item of the completeness check first; each must be in order."))
    _check_said(reason, field="reason", words=W("Give the reason that everybody will read"))
    proposal.state = target.value
    proposal.reason, proposal.reason_source = reason, ""
    proposal.decided_at = clock.now()
    proposal.assessor_id = by.person_id
    record(Did.PROPOSAL_ACCEPTED, proposal.key, by=by, kind=proposal.kind, district=proposal.district)


def listing_of(proposal: Proposal) -> Listing:
    """Return the shared thing a proposal speaks of, to be listed when it is accepted."""
    return Listing(
        kind=proposal.kind,
        title=proposal.title,
        address=proposal.address,
        district=proposal.district,
        latitude_e6=proposal.latitude_e6,
        longitude_e6=proposal.longitude_e6,
        repository=proposal.repository,
        licence=proposal.licence,
        about=proposal.about or proposal.summary,
    )


def _take_reason(proposal: Proposal, reason: str, source: str, *, field: str) -> None:
    _check_said(reason, field=f"{field}_reason", words=W("Give the reason that the group will read"))
    if not source:
        raise Invalid(
            W("Name the rule the reason rests on, like “Regulation, article 4”"), field=f"{field}_source"
        )
    fits(source, LONGEST_SOURCE, field=f"{field}_source")
    proposal.reason, proposal.reason_source = reason, source


def _check_said(text: str, *, field: str, words: W) -> None:
    if not text:
        raise Invalid(words, field=field)
    fits(text, LONGEST_TEXT, field=field)
