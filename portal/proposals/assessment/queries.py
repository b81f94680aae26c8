"""Questions about how proposals are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
)

from portal.documents.models import Paper
from portal.documents.queries import of_subject
from portal.people.models import Person
from portal.proposals.models import Assessment, CaseNote, Comparison, InterestStatement, Opinion, Proposal
from portal.proposals.queries import OPEN_STATES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

DECISION = "decision"
# Some eighty metres: what lies closer together is taken for one place.
ABOUT_HERE_E6 = 750
_OF: BindParameter[int] = bindparam("proposal", type_=Integer)


def statement(proposal_id: int, person_id: int | None) -> Select[InterestStatement]:
    """Select what somebody stated about a case."""
    return select(InterestStatement).where(
        InterestStatement.proposal_id == proposal_id, InterestStatement.person_id == person_id
    )


def newest(proposal_id: int) -> Select[Assessment]:
    """Select the newest version of the scores, finished or not."""
    found = select(Assessment).where(Assessment.proposal_id == proposal_id)
    return found.order_by(Assessment.number.desc()).limit(1)


def finished(proposal_id: int) -> Select[Assessment]:
    """Select the newest finished version of the scores."""
    return newest(proposal_id).where(Assessment.finished_at.is_not(None))


def versions(proposal_id: int) -> Select[Assessment, str]:
    """Select every version of the scores with who wrote it, the newest first."""
    found = select(Assessment, Person.name).join(Person, Person.id == Assessment.by_id)
    return found.where(Assessment.proposal_id == proposal_id).order_by(Assessment.number.desc())


def has_assessed(proposal_id: int, person_id: int) -> Select[int]:
    """Select whether somebody wrote any of the scores of a case."""
    found = select(Assessment.id).where(Assessment.proposal_id == proposal_id, Assessment.by_id == person_id)
    return found.limit(1)


def assessors(proposal_id: int) -> Select[int]:
    """Select who wrote any of the scores of a case."""
    return select(Assessment.by_id).where(Assessment.proposal_id == proposal_id).distinct()


def opinions(proposal_id: int) -> Select[Opinion]:
    """Select the opinions on a case in the order they were asked for."""
    return select(Opinion).where(Opinion.proposal_id == proposal_id).order_by(Opinion.id)


def opinion(proposal_id: int, number: int) -> Select[Opinion]:
    """Select one opinion, where it is this case's."""
    return opinions(proposal_id).where(Opinion.id == number)


def opinion_by_link(token_hash: str) -> Select[Opinion]:
    """Select the question that a link was sent for."""
    return select(Opinion).where(Opinion.token_hash == token_hash)


def asked_of(kinds: Collection[str]) -> Select[Opinion, Proposal]:
    """Select the open questions of these kinds with their cases, the most urgent first."""
    found = select(Opinion, Proposal).join(Proposal, Proposal.id == Opinion.proposal_id)
    return found.where(Opinion.state == "asked", Opinion.kind.in_(sorted(kinds))).order_by(
        Opinion.due_on, Opinion.id
    )


def soon_due(last: date) -> Select[int]:
    """Select the open questions whose last day comes until this one."""
    return select(Opinion.id).where(Opinion.state == "asked", Opinion.due_on <= last).order_by(Opinion.id)


def decisions_of(proposal: Proposal) -> Select[Paper]:
    """Select the sealed decision on a proposal."""
    return of_subject(proposal.key, public_only=False).where(Paper.kind == DECISION)


def is_rival(proposal: Proposal) -> ColumnElement[bool]:
    """Return the condition that another open proposal is for the same place or answers the same call."""
    ways: list[ColumnElement[bool]] = []
    if proposal.call_id is not None:
        ways.append(Proposal.call_id == proposal.call_id)
    if proposal.commons_slug:
        ways.append(Proposal.commons_slug == proposal.commons_slug)
    if proposal.latitude_e6 is not None and proposal.longitude_e6 is not None:
        south, west = proposal.latitude_e6 - ABOUT_HERE_E6, proposal.longitude_e6 - ABOUT_HERE_E6
        ways.append(
            and_(
                Proposal.latitude_e6.between(south, south + 2 * ABOUT_HERE_E6),
                Proposal.longitude_e6.between(west, west + 2 * ABOUT_HERE_E6),
            )
        )
    return and_(Proposal.state.in_(OPEN_STATES), or_(false(), *ways))


def comparisons(proposal_id: int) -> Select[Comparison]:
    """Select the comparisons in which a proposal stood, the newest first."""
    found = select(Comparison).where(Comparison.proposal_id == proposal_id)
    return found.order_by(Comparison.id.desc()).limit(10)


def notes(proposal_id: int) -> Select[CaseNote, str]:
    """Select the notes on a case with their authors, the newest first."""
    found = select(CaseNote, Person.name).join(Person, Person.id == CaseNote.author_id)
    return found.where(CaseNote.proposal_id == proposal_id).order_by(CaseNote.id.desc()).limit(200)


# Parameter: proposal. What the page of a case says of it in one statement.
SUMMARY = select(
    select(func.count()).where(CaseNote.proposal_id == _OF).scalar_subquery().label("notes"),
    select(func.count()).where(Opinion.proposal_id == _OF).scalar_subquery().label("opinions"),
    select(func.count())
    .where(Opinion.proposal_id == _OF, Opinion.state == "asked")
    .scalar_subquery()
    .label("waiting"),
    select(func.min(Opinion.due_on))
    .where(Opinion.proposal_id == _OF, Opinion.state == "asked")
    .scalar_subquery()
    .label("due_on"),
    select(func.max(Assessment.number))
    .where(Assessment.proposal_id == _OF, Assessment.finished_at.is_not(None))
    .scalar_subquery()
    .label("assessed"),
)
