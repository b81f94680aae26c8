"""The city's desk as two statements, however many cases there are: open proposals and open pacts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.orm import aliased

from portal.observations import queries as observations
from portal.observations.models import Period
from portal.pacts.lifecycle import ReportState, SuggestionState
from portal.pacts.models import Agreement, HeldDecision, Pact, Party, Report, Signature, Suggestion
from portal.pacts.models.deciding import IS_HELD
from portal.pacts.models.pacts import IS_OPEN as PACT_IS_OPEN
from portal.pacts.queries.pacts import each, has_paper_each
from portal.people.models import Person
from portal.proposals.models import IS_OPEN as PROPOSAL_IS_OPEN
from portal.proposals.models import Proposal, Supplement
from portal.support.lifecycle import PROMISED
from portal.support.models import Allocation

_owner = aliased(Person)
_observed = aliased(Period)
_held = (
    select(
        HeldDecision.proposal_id,
        HeldDecision.prepared_at.label("held_at"),
        HeldDecision.publish_at.label("held_until"),
        HeldDecision.stopped_at.label("held_stopped_at"),
    )
    .where(IS_HELD)
    .subquery()
)


def _agreed(side: str) -> ColumnElement[bool]:
    return each(Agreement.pact_id == Pact.id, Agreement.side == side, Agreement.version == Pact.last_version)


def _signed(side: str) -> ColumnElement[bool]:
    return each(Signature.pact_id == Pact.id, Signature.party_id == Party.id, Party.side == side)


def _suggested_by(side: str) -> ColumnElement[int]:
    return (
        select(func.count())
        .where(
            Suggestion.pact_id == Pact.id,
            Suggestion.state == SuggestionState.OPEN.value,
            Suggestion.side == side,
        )
        .scalar_subquery()
    )


_waits_for_support = each(
    Allocation.subject == literal("pact:") + Pact.code,
    Allocation.version == Pact.agreed_version,
    Allocation.state.not_in([state.value for state in PROMISED]),
)


def is_proposal(code: str) -> ColumnElement[bool]:
    """Return the condition that narrows the open proposals to one."""
    return Proposal.code == code


OPEN_PROPOSALS = (
    select(
        Proposal.id,
        Proposal.code,
        Proposal.district,
        Proposal.submitted_at,
        Proposal.assessor_id,
        Proposal.title,
        Proposal.state,
        Proposal.kind,
        Proposal.owner_id,
        _owner.name.label("owner_name"),
        Proposal.completeness,
        Proposal.answer_due_on,
        Proposal.noticed_at,
        Proposal.reply,
        Proposal.profile_version,
        select(func.max(Supplement.answer_due_on))
        .where(Supplement.proposal_id == Proposal.id, Supplement.supplied_at.is_(None))
        .scalar_subquery()
        .label("supplement_due_on"),
        _observed.opens_at,
        _observed.closes_at,
        observations.unanswered_of(literal("proposal:") + Proposal.code).label("unanswered"),
        _held.c.held_at,
        _held.c.held_until,
        _held.c.held_stopped_at,
    )
    .outerjoin(_held, _held.c.proposal_id == Proposal.id)
    .outerjoin(_owner, _owner.id == Proposal.owner_id)
    .outerjoin(
        _observed, and_(_observed.subject_key == literal("proposal:") + Proposal.code, _observed.version == 0)
    )
    .where(PROPOSAL_IS_OPEN)
)

OPEN_PACTS = (
    select(
        Pact.id,
        Pact.proposal_id,
        Pact.code,
        Pact.district,
        Pact.proposed_at,
        Pact.proposal_code,
        Pact.title,
        Pact.state,
        Pact.kind,
        Pact.pact_class,
        Pact.profile_version,
        Pact.owner_id,
        _owner.name.label("owner_name"),
        Pact.assessor_id,
        Pact.starts_on,
        Pact.ends_on,
        Pact.signing_opened_at,
        has_paper_each().label("has_paper"),
        _agreed("community").label("community_agreed"),
        _agreed("city").label("city_agreed"),
        _signed("community").label("community_signed"),
        _signed("city").label("city_signed"),
        _suggested_by("community").label("suggestions_to_answer"),
        _waits_for_support.label("waits_for_support"),
        select(func.min(Report.number))
        .where(Report.pact_id == Pact.id, Report.state == ReportState.SENT.value)
        .scalar_subquery()
        .label("report_to_check"),
        select(func.coalesce(func.max(Report.number), 0))
        .where(Report.pact_id == Pact.id)
        .scalar_subquery()
        .label("last_report"),
    )
    .outerjoin(_owner, _owner.id == Pact.owner_id)
    .where(PACT_IS_OPEN)
)
