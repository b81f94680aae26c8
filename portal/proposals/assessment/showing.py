"""What pages show of how a proposal is judged: one line for the case, the scores, the opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g

from portal import clock, db, policy
from portal.policy import Can
from portal.proposals.assessment import queries, rules
from portal.proposals.assessment.prescriptions import read
from portal.proposals.profiles import profile_of

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.policy import Actor
    from portal.proposals.models import Opinion, Proposal


def summary(proposal: Proposal, actor: Actor) -> dict[str, Any]:
    """Return what the page of a case says of its assessment, in two statements."""
    row = db.session().execute(queries.SUMMARY, {"proposal": proposal.id}).one()
    mine = db.session().scalar(queries.statement(proposal.id, actor.person_id))
    return {
        **row._asdict(),
        "is_late": row.due_on is not None and row.due_on < clock.today(),
        "stated": mine,
        "may_state": mine is None and policy.allows(actor, Can.CASE_ASSESS, proposal),
        "may_read_notes": policy.allows(actor, Can.CASE_NOTES, proposal),
    }


def opinion_row(opinion: Opinion, proposal: Proposal) -> dict[str, Any]:
    """Return an opinion as a page shows it; the person who wrote it is not named."""
    profile = profile_of(proposal)
    return {
        "number": opinion.id,
        "code": proposal.code,
        "office": profile.office(opinion.office).name[g.language],
        "kind_words": rules.KIND_WORDS[opinion.kind],
        "question": opinion.question,
        "state": opinion.state,
        "due_on": opinion.due_on,
        "asked_at": opinion.asked_at,
        "given_at": opinion.given_at,
        "is_late": opinion.state == "asked" and opinion.due_on < clock.today(),
        "outcome": opinion.outcome,
        "outcome_words": rules.OUTCOME_WORDS.get(opinion.outcome, ""),
        "tone": rules.OUTCOME_TONES.get(opinion.outcome, "plain"),
        "reason": opinion.reason,
        "prescriptions": [
            (one.words, _heading(profile, one.clause), one.language or profile.prevailing_language)
            for one in read(opinion.prescriptions)
        ],
        "went_on_because": opinion.went_on_because,
        "has_file": bool(opinion.file_hash),
        "sent_to": hidden(opinion.address),
        "has_link": opinion.token_hash is not None,
    }


def _heading(profile: Profile, clause: str) -> str:
    return profile.clause(clause).heading[g.language] if clause else ""


def hidden(address: str) -> str:
    """Return an address so that whoever knows it knows it again, and nobody else learns it."""
    name, at, place = address.partition("@")
    return f"{name[:1]}…{at}{place}" if address else ""


def result(proposal: Proposal, *, finished_only: bool) -> rules.Result:
    """Return the newest scores by the criteria of the case's own rules."""
    chosen = queries.finished(proposal.id) if finished_only else queries.newest(proposal.id)
    row = db.session().scalar(chosen)
    return rules.result(row.scores if row else {}, profile_of(proposal).criteria)
