"""Lists across features: module-level selects of columns, keyset paging, no totals, no OFFSET."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, func, literal, or_, select

from portal.fences.models import Fence
from portal.pacts.models import Pact
from portal.proposals.models import Proposal
from portal.support.models import Allocation

PAGE = 20
PUBLIC_PROPOSALS = ("submitted", "supplement_asked", "refusal_noticed", "accepted", "refused")
LIVING = ("signed", "suspended")
_ANY = literal("")

PROPOSALS = ("submitted", "supplement_asked", "refusal_noticed", "accepted", "refused")
LIVING = ("signed", "suspended")
_ANY = literal("")

# One more than a page, so that "older" is known without counting.
PACTS = (
    select(
        Pact.id,
        Pact.code,
        Pact.title,
        Pact.summary,
        Pact.state,
        Pact.kind,
        Pact.district,
        Pact.signed_at,
        Pact.starts_on,
        Pact.ends_on,
    )
    .where(Pact.id < bindparam("before"))
    .where(or_(bindparam("kind") == _ANY, Pact.kind == bindparam("kind")))
    .where(or_(bindparam("district") == _ANY, Pact.district == bindparam("district")))
    .where(or_(bindparam("state") == _ANY, Pact.state == bindparam("state")))
    .order_by(Pact.id.desc())
    .limit(PAGE + 1)
)
PROPOSALS = (
    select(
        Proposal.id,
        Proposal.code,
        Proposal.title,
        Proposal.summary,
        Proposal.state,
        Proposal.kind,
        Proposal.district,
        Proposal.submitted_at,
    )
    .where(Proposal.id < bindparam("before"), Proposal.state.in_(PUBLIC_PROPOSALS))
    .where(or_(bindparam("kind") == _ANY, Proposal.kind == bindparam("kind")))
    .where(or_(bindparam("district") == _ANY, Proposal.district == bindparam("district")))
    .order_by(Proposal.id.desc())
    .limit(PAGE + 1)
)
# A proposal id beyond every proposal: the first page starts below it.
LAST = 2**62
FIGURES = select(
    select(func.count()).where(Pact.state == "signed").select_from(Pact).scalar_subquery().label("active"),
    select(func.coalesce(func.sum(Allocation.value_cents), 0))
    .where(Allocation.state.in_(("committed", "delivered", "closed")), Allocation.committed_at >= bindparam("since"))
    .scalar_subquery()
    .label("promised_cents"),
    select(func.count())
    .where(Proposal.state.in_(("submitted", "supplement_asked")))
    .select_from(Proposal)
    .scalar_subquery()
    .label("checking"),
    select(func.count()).select_from(Fence).scalar_subquery().label("fences"),
)

ON_MAP = (
    select(Proposal.latitude_e6, Proposal.longitude_e6, Pact.code, Pact.title, Pact.kind)
    .join(Pact, Pact.proposal_id == Proposal.id)
    .where(Proposal.latitude_e6.is_not(None), Pact.state.in_(LIVING))
    .order_by(Pact.id.desc())
    .limit(200)
)


def by_number(number: int) -> Select[tuple[str]]:
    """Select the code of the pact with this plaque number."""
    return select(Pact.code).where(Pact.number == number)


__all__ = ["FIGURES", "LAST", "ON_MAP", "PAGE", "PROPOSALS", "by_number"]
