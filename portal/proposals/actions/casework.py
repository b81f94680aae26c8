"""What an officer does with a proposal: take it, look at it, ask, announce a refusal, refuse, accept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from portal import city, clock, db, policy
from portal.commons.actions import Listing
from portal.errors import Invalid, WrongState
from portal.people.models import Person
from portal.policy import Can
from portal.proposals import answering_clock, checklist
from portal.proposals.answering_clock import reply_day
from portal.proposals.assessment.actions.judging import check_stated, not_ready, unstated
from portal.proposals.checklist import Mark
from portal.proposals.fitting import fits
from portal.proposals.lifecycle import LIFE, State, Verb
from portal.proposals.models import Supplement
from portal.proposals.profiles import profile_of
from portal.proposals.shapes import LONGEST_TEXT
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal

LONGEST_NOTE = 500
NOTICE_AGAIN = W("These are the words of the notice. Answer what the group replied to them, and say why.")
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


def add_to_supplement(proposal: Proposal, more: str, *, by: Actor) -> None:
    """Add to the request that is open; its last day stays. Refuses with WrongState where none is open."""
    policy.check(by, Can.CASE_ASK_SUPPLEMENT, proposal)
    waiting = next((one for one in proposal.supplements if one.supplied_at is None), None)
    if proposal.state != State.SUPPLEMENT_ASKED or waiting is None:
        raise WrongState(W("No request is open, so nothing can be added to one."))
    _check_said(more, field="supplement_request", words=W("Say what is missing and how to send it"))
    whole = f"{waiting.request}\n{more}"
    fits(whole, LONGEST_TEXT, field="supplement_request")
    waiting.request = whole
    due = str(waiting.answer_due_on)
    record(Did.PROPOSAL_SUPPLEMENT_ASKED, proposal.key, by=by, answer_due_on=due, added=True)


def _refuse_second_request(proposal: Proposal) -> None:
    if not proposal.supplements:
        return
    earlier = proposal.supplements[-1]
    day = clock.local(earlier.asked_at).strftime("%d/%m/%Y")
    if earlier.supplied_at is None:
        raise WrongState(W("There is already an open request from %(day)s. Add to it.", day=day))
    raise WrongState(
        W("The clock was stopped once already, on %(day)s, and the law allows it only once.", day=day)
    )


def extend(proposal: Proposal, days: int, reason: str, *, by: Actor) -> None:
    """Give the city more days to answer: once, before the last day, with a reason that both sides read.

    The profile says how many at most, and by which rule (Spain: Ley 39/2015, article 32).
    """
    policy.check(by, Can.CASE_EXTEND, proposal)
    target = LIFE.after(proposal.state, Verb.EXTEND)
    against = why_not_extended(proposal)
    if against is not None:
        raise WrongState(against)
    rules = profile_of(proposal).clock(answering_clock.CLOCK)
    if not 1 <= days <= rules.extension_days:
        most = rules.extension_days
        raise Invalid(W("Between 1 and %(most)s days can be added", most=most), field="extension_days")
    _check_said(reason, field="extension_reason", words=W("Give the reason that both sides will read"))
    proposal.extended_at, proposal.extension_days, proposal.extension_reason = clock.now(), days, reason
    proposal.state = target.value
    proposal.answer_due_on = answering_clock.last_day(proposal)
    record(
        Did.PROPOSAL_EXTENDED,
        proposal.key,
        by=by,
        days=days,
        source=rules.extension_citation,
        answer_due_on=str(proposal.answer_due_on),
    )


def why_not_extended(proposal: Proposal) -> W | None:
    """Return what stands against more days, None where nothing does."""
    if not profile_of(proposal).clock(answering_clock.CLOCK).extension_days:
        return W("The rules of this case allow no more days.")
    if proposal.extended_at is not None:
        return W("Days were added once already, and the rules allow it only once.")
    found = answering_clock.count(proposal)
    if found is not None and found.days_late:
        return W("The last day has passed. Days can only be added before it.")
    return None


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
    """Announce a refusal with its reasons; the holder has days to reply (L. 241/1990, article 10-bis)."""
    policy.check(by, Can.CASE_REFUSE, proposal)
    target = LIFE.after(proposal.state, Verb.NOTICE_REFUSAL)
    check_stated(proposal, by)
    _take_reason(proposal, reason, source, field="notice")
    proposal.state = target.value
    proposal.noticed_at = clock.now()
    proposal.answer_due_on = answering_clock.last_day(proposal)
    record(
        Did.PROPOSAL_REFUSAL_NOTICED,
        proposal.key,
        by=by,
        source=source,
        reply_by=str(reply_day(proposal)),
        answer_due_on=str(proposal.answer_due_on),
    )


def may_refuse_now(proposal: Proposal) -> bool:
    """Say whether the reply has come or its days have passed."""
    last = reply_day(proposal)
    return last is not None and (bool(proposal.reply) or clock.today() > last)


def refuse(proposal: Proposal, reason: str, source: str, *, by: Actor) -> None:
    """Refuse with a reason and its source, after a reply, which it answers, or after the days for one."""
    policy.check(by, Can.CASE_REFUSE, proposal)
    target = LIFE.after(proposal.state, Verb.REFUSE)
    for words in against_refusal(proposal, by=by):
        raise WrongState(words)
    if is_notice_again(proposal, reason):
        raise Invalid(NOTICE_AGAIN, field="refusal_reason")
    _take_reason(proposal, reason, source, field="refusal")
    proposal.state = target.value
    proposal.decided_at = clock.now()
    proposal.assessor_id = by.person_id
    record(Did.PROPOSAL_REFUSED, proposal.key, by=by, source=source, replied=bool(proposal.reply))


def against_refusal(proposal: Proposal, *, by: Actor) -> Iterator[W]:
    """Say what stands against refusing it now, beside the permission and the stage it is at."""
    yield from unstated(proposal, by)
    if not may_refuse_now(proposal):
        day = reply_day(proposal)
        yield W("Wait for the reply, or until %(day)s has passed.", day=f"{day:%d/%m/%Y}" if day else "")


def is_notice_again(proposal: Proposal, reason: str) -> bool:
    """Say whether a reason only repeats the notice that the group has replied to."""
    return bool(proposal.reply) and reason.strip() == proposal.reason.strip()


def against_acceptance(proposal: Proposal, *, by: Actor) -> Iterator[W]:
    """Say what stands against accepting it now, beside the permission and the stage it is at."""
    if not checklist.is_complete(proposal.completeness, proposal.kind):
        yield W("Look at every item of the completeness check first; each must be in order.")
    yield from not_ready(proposal, by=by)


def accept_for_codesign(proposal: Proposal, reason: str, *, by: Actor) -> None:
    """Accept the proposal, so that a pact can be written: the downward half of opening one.

    Refuses with WrongState while the completeness check is open, with Invalid without a reason.
    """
    policy.check(by, Can.CASE_ACCEPT, proposal)
    target = LIFE.after(proposal.state, Verb.ACCEPT)
    for words in against_acceptance(proposal, by=by):
        raise WrongState(words)
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
