"""What pages show of becoming one: the case, the page of each group, the public page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.observations import queries as spoken
from portal.policy import Can
from portal.proposals import others
from portal.proposals.lifecycle import LIFE as PROPOSAL_LIFE
from portal.proposals.lifecycle import Verb as ProposalVerb
from portal.proposals.merging import queries, rules
from portal.proposals.merging.forms import AnswerForm, OfferForm, offer_form
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.policy import Actor
    from portal.proposals.models import MergeOffer, Proposal
    from portal.web import Form

_ENDED = {
    rules.State.MERGED: W("Both groups said yes."),
    rules.State.DECLINED: W("One of the groups said no. Both go on alone."),
}
_NO_ANSWER = W("It ended without an answer of both. Both go on alone.")


def _rows(proposal: Proposal) -> list[tuple[MergeOffer, Proposal, Proposal]]:
    found = db.session().scalars(queries.offers_of(proposal.id)).all()
    ids = {number for one in found for number in (one.proposal_id, one.into_id)}
    both = {row.id: row for row in db.session().scalars(queries.by_ids(ids))} if ids else {}
    return [(one, both[one.proposal_id], both[one.into_id]) for one in found]


def _row(one: MergeOffer, joining: Proposal, receiving: Proposal) -> dict[str, Any]:
    is_open = rules.is_open(one, joining, receiving, on=clock.today())
    return {
        "number": one.id,
        "joining": joining,
        "receiving": receiving,
        "reason": one.reason,
        "offered_by_id": one.offered_by_id,
        "offered_at": one.offered_at,
        "due_on": one.answer_due_on,
        "is_open": is_open,
        "said_yes": [one.joining_agreed_at is not None, one.receiving_agreed_at is not None],
        "ended": None if is_open else _ENDED.get(rules.State(one.state), _NO_ANSWER),
    }


def panel(proposal: Proposal, actor: Actor, form: Form | None) -> dict[str, Any] | None:
    """Return what the case page shows; None where nothing was offered and nothing can be."""
    # What was typed stays on the page, also where the moment has passed.
    may = may_offer(proposal, actor) or isinstance(form, OfferForm)
    rows = [_row(*row) for row in _rows(proposal)]
    if not may and not rows:
        return None
    shown = form if isinstance(form, OfferForm) else offer_form(choices(proposal, actor), typed=False)
    for row in rows:
        row["may_take_back"] = row["is_open"] and may_take_back(row, proposal, actor)
    return {
        "offers": rows,
        "may_offer": may and not any(row["is_open"] and row["joining"].id == proposal.id for row in rows),
        "merge_form": shown,
    }


def may_offer(proposal: Proposal, actor: Actor) -> bool:
    """Say whether the official may offer that it becomes a part of another."""
    is_mine = actor.person_id is not None and proposal.owner_id == actor.person_id
    allowed = policy.allows(actor, Can.CASE_MERGE, proposal)
    return is_mine and allowed and PROPOSAL_LIFE.allows(proposal.state, ProposalVerb.MERGE)


def may_take_back(row: dict[str, Any], proposal: Proposal, actor: Actor) -> bool:
    """Say whether the official may end an open offer: who made it, or has this case now."""
    is_theirs = actor.person_id in {proposal.owner_id, row["offered_by_id"]} - {None}
    both = (row["joining"], row["receiving"])
    return is_theirs and all(policy.allows(actor, Can.CASE_MERGE, one) for one in both)


def choices(proposal: Proposal, actor: Actor) -> Sequence[Proposal]:
    """Return what it may become a part of, among the official's own cases."""
    if not may_offer(proposal, actor):
        return []
    alike = [one.code for one in others.found(proposal, (), {})]
    return db.session().scalars(queries.choices(proposal, alike, actor)).all()


def offers_to(proposal: Proposal, actor: Actor, form: Any) -> list[dict[str, Any]]:
    """Return the open offers as the group's own page shows them, each with a form where it can answer."""
    may = policy.allows(actor, Can.PROPOSAL_MERGE, proposal)
    found = []
    for row in (_row(*parts) for parts in _rows(proposal)):
        is_joining = row["joining"].id == proposal.id
        if row["is_open"]:
            said_yes = row["said_yes"][0 if is_joining else 1]
            found.append({**row, "is_joining": is_joining, "said_yes": said_yes, "may_answer": may})
    return [{**row, "form": _answer_form(row["number"], form)} for row in found]


def _answer_form(number: int, form: Any) -> AnswerForm:
    is_this = isinstance(form, AnswerForm) and getattr(form, "number", None) == number
    return form if is_this else AnswerForm(formdata=None, prefix=f"m{number}-")


@dataclass(frozen=True, slots=True)
class Joined:
    """What became a part of a proposal, and what people say of all together, nobody counted twice."""

    rows: tuple[dict[str, Any], ...]
    here: int
    there: int
    endorsers: int


def joined_to(proposal: Proposal) -> Joined | None:
    """Return what became a part of it, also by way of another; None, and no question, where nothing did."""
    if not proposal.joined:
        return None
    session = db.session()
    keys = _all_keys(proposal)
    seen: dict[str, int] = {key: count for key, count in session.execute(queries.observations_on(keys))}  # noqa: C416 - the types need it
    here = session.scalar(spoken.endorsements(proposal.key)) or 0
    each = {key: session.scalar(spoken.endorsements(key)) or 0 for key in keys}
    rows = [
        {"code": one.code, "title": one.title, "language": one.language,
         "observations": seen.get(one.key, 0), "endorsements": each[one.key]}
        for one in proposal.joined
    ]  # fmt: skip
    whole = session.scalar(queries.endorsers([proposal.key, *keys])) or 0
    return Joined(tuple(rows), here, sum(each.values()), whole)


def _all_keys(proposal: Proposal) -> list[str]:
    """Return the subject keys of all that became a part of it, near first; no circle can be among them."""
    keys, level = [], [proposal.id]
    while level:
        found = db.session().execute(queries.joined(level)).all()
        keys += [f"proposal:{code}" for _, code in found]
        level = [number for number, _ in found]
    return keys
