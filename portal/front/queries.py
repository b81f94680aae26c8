"""Questions across features for the public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Date, Select, and_, bindparam, func, select
from sqlalchemy.orm import joinedload

from portal.commons.models import Commons, Photo
from portal.documents import queries as papers
from portal.documents.models import Paper
from portal.front.money.totals import PROMISED_IN
from portal.pacts.lifecycle import ReportState
from portal.pacts.models import KeptPromise, Pact, PactVersion, Promise, Report
from portal.pacts.queries.pacts import has_paper, has_paper_each
from portal.proposals.models import Proposal
from portal.support.legal import queries as legal

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = 20
# No number of a row or a plaque comes near; a larger one would not fit the database.
MOST = 2**31 - 1
LIVING = ("signed", "suspended")

_RUNNING = (
    select(func.count())
    .select_from(Pact)
    .where(Pact.state == "signed")
    .where(Pact.starts_on <= bindparam("today", type_=Date), Pact.ends_on >= bindparam("today", type_=Date))
)
FIGURES = select(
    _RUNNING.where(has_paper()).scalar_subquery().label("active"),
    # Signed, and their sealed agreement is still to come.
    _RUNNING.where(~has_paper()).scalar_subquery().label("signed"),
    PROMISED_IN.scalar_subquery().label("promised_cents"),
    select(func.count())
    .where(Proposal.state.in_(("submitted", "supplement_asked")))
    .select_from(Proposal)
    .scalar_subquery()
    .label("checking"),
)

ON_MAP = (
    select(Commons.latitude_e6, Commons.longitude_e6, Pact.title, Pact.kind)
    .join(Pact, Pact.commons_id == Commons.id)
    .where(Pact.state.in_(LIVING))
    .order_by(Pact.id.desc())
    .limit(200)
)


# Parameter: code. One pact with its parties, the first picture of its commons, and what legal help it had, as
# a text; for Result.unique().
PICTURED = (
    select(Pact, Photo, legal.HELPED.scalar_subquery())
    .options(joinedload(Pact.parties))
    .outerjoin(Photo, and_(Photo.commons_id == Pact.commons_id, Photo.position == 1))
    .where(Pact.code == bindparam("code"))
)
# What else a pact's page asks, put together once. Parameters: pact_id, for a text its number too; subject.
_OF_PACT: BindParameter[int] = bindparam("pact_id")
TEXT = select(PactVersion.canonical).where(
    PactVersion.pact_id == _OF_PACT, PactVersion.number == bindparam("number")
)
_PUBLISHED = (Report.pact_id == _OF_PACT, Report.state == ReportState.PUBLISHED.value)
REPORTS = (
    select(Report.number, Report.period_from, Report.period_until)
    .where(*_PUBLISHED)
    .order_by(Report.number.desc())
)
_NEWEST_REPORT = (
    select(Report.id).where(*_PUBLISHED).order_by(Report.number.desc()).limit(1).scalar_subquery()
)
# Each promise with what became of it in the newest report.
PROMISES = (
    select(Promise.what, Promise.side, Promise.quantity, Promise.unit, Promise.per, KeptPromise.state)
    .outerjoin(
        KeptPromise,
        and_(KeptPromise.promise_id == Promise.id, KeptPromise.report_id == _NEWEST_REPORT),
    )
    .where(Promise.pact_id == _OF_PACT)
    .order_by(Promise.id)
)
ISSUED_PAPERS = papers.of_subject(bindparam("subject"), public_only=False).with_only_columns(
    Paper.kind, Paper.edition, Paper.language, Paper.version, Paper.byte_size
)


def by_number(number: int) -> Select[str]:
    """Select the code of the pact with this plaque number."""
    return select(Pact.code).where(Pact.number == number)


def became(proposal_code: str) -> Select[Pact]:
    """Select the pact that came of a proposal, without its parts."""
    return select(Pact).where(Pact.proposal_code == proposal_code)


def of_code(kind: str, text: str) -> Select[str]:
    """Select the code of what a typed code names: a sent proposal, a pact, or a pact by its plaque."""
    if kind == "proposal":
        return select(Proposal.code).where(Proposal.code == text, Proposal.submitted_at.is_not(None))
    if kind == "pact":
        return select(Pact.code).where(Pact.code == text)
    return by_number(min(int(text), MOST))


def proposal_states(codes: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """Select the states of those of these proposals that the public may see."""
    sent = (Proposal.submitted_at.is_not(None), Proposal.code.in_(list(codes)))
    return select(Proposal.code, Proposal.state).where(*sent)


def pact_states(codes: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """Select of these pacts what their public state is derived from."""
    state = (Pact.state, Pact.starts_on, Pact.ends_on, has_paper().label("has_paper"))
    return select(Pact.code, *state).where(Pact.code.in_(list(codes)))


def title_of(code: str) -> Select[str]:
    """Select the title of a pact."""
    return select(Pact.title).where(Pact.code == code)


def caring_for(commons_ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    """Select the pacts about these things, the newest first, with what their public state is derived from."""
    state = (Pact.state, Pact.starts_on, Pact.ends_on, has_paper().label("has_paper"))
    return (
        select(Pact.commons_id, Pact.code, Pact.title, *state)
        .where(Pact.commons_id.in_(list(commons_ids)))
        .order_by(Pact.id.desc())
    )


def pacts_of(organisation_id: int) -> Select[*tuple[Any, ...]]:
    """Select the newest pacts of an organisation, with what their public state is derived from."""
    state = (Pact.state, Pact.starts_on, Pact.ends_on, has_paper_each().label("has_paper"))
    return (
        select(Pact.code, Pact.title, Pact.proposal_code, *state)
        .where(Pact.organisation_id == organisation_id)
        .order_by(Pact.id.desc())
        .limit(PAGE)
    )


def proposals_of(organisation_id: int) -> Select[*tuple[Any, ...]]:
    """Select the newest proposals that were sent for an organisation and became no pact."""
    became_one = select(Pact.id).where(Pact.proposal_id == Proposal.id).exists()
    return (
        select(Proposal.code, Proposal.title, Proposal.state, Proposal.submitted_at)
        .where(Proposal.organisation_id == organisation_id, Proposal.submitted_at.is_not(None), ~became_one)
        .order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
        .limit(PAGE)
    )


def titles(codes: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """Select the titles of these pacts."""
    return select(Pact.code, Pact.title).where(Pact.code.in_(list(codes)))


def proposal_cards(codes: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """Select what a list shows of these proposals."""
    card = (
        Proposal.code,
        Proposal.title,
        Proposal.summary,
        Proposal.kind,
        Proposal.district,
        Proposal.language,
    )
    return select(*card).where(Proposal.code.in_(list(codes)), Proposal.submitted_at.is_not(None))


def pact_cards(codes: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """Select what a list shows of these pacts."""
    card = (Pact.code, Pact.title, Pact.summary, Pact.kind, Pact.district, Pact.language)
    return select(*card).where(Pact.code.in_(list(codes)))


def moved_at(codes: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """Select (code, instant) of when each of these pacts last came a stage further."""
    newest = func.coalesce(Pact.ended_at, Pact.signed_at, Pact.agreed_at, Pact.opened_at)
    return select(Pact.code, newest).where(Pact.code.in_(list(codes)))
