"""What the worker does for decisions: the papers that are due."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import exists, literal, select

from portal import db
from portal.documents.issue import Due
from portal.documents.layout import to_sheet
from portal.documents.models import Edition, Paper
from portal.documents.queries import ISSUED
from portal.proposals.assessment import papers
from portal.proposals.assessment.queries import DECISION
from portal.proposals.lifecycle import State
from portal.proposals.models import Proposal

if TYPE_CHECKING:
    from portal.documents.sheet import Sheet


def decisions_due(base_url: str) -> list[Due]:
    """Return the decisions of refusal that are not issued yet; runs inside a reading unit."""
    issued = exists().where(
        Paper.subject == literal("proposal:") + Proposal.code,
        Paper.kind == DECISION,
        Paper.state.in_(ISSUED),
    )
    refused = select(Proposal.id, Proposal.code, Proposal.language).where(
        Proposal.state == State.REFUSED.value, ~issued
    )
    return [
        Due(
            DECISION,
            f"proposal:{code}",
            1,
            language,
            Edition.ORIGINAL,
            partial(draw_decision, row_id, base_url),
        )
        for row_id, code, language in db.session().execute(refused.order_by(Proposal.decided_at))
    ]


def draw_decision(proposal_id: int, base_url: str) -> Sheet:
    """Return the sheet of a decision; a function of what is stored alone."""
    return to_sheet(papers.decision(db.session().get_one(Proposal, proposal_id), base_url))
