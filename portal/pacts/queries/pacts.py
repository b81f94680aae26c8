"""Questions about pacts: who may see which, and with what loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    cast,
    exists,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload, selectinload

from portal.documents.models import Edition, Paper
from portal.documents.queries import ISSUED
from portal.pacts.lifecycle import ReportState, State
from portal.pacts.models import Pact, PactVersion, Party, Promise, Report, Suggestion
from portal.policy import CASE_STAFF
from portal.record import Act, Did
from portal.support.models import Allocation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from portal.policy import Actor

AGREEMENT = "agreement"
PROGRESS_REPORT = "progress_report"
# Texts are everybody's from here on; before, they are between the two sides.
TEXT_IS_PUBLIC = (State.SIGNING, State.SIGNED, State.SUSPENDED, State.CONCLUDED, State.TERMINATED)


def whole() -> Select[Pact]:
    """Select pacts with what the rules ask about: parties, agreements, signatures."""
    return select(Pact).options(
        selectinload(Pact.parties), selectinload(Pact.agreements), selectinload(Pact.signatures)
    )


def visible_to(actor: Actor) -> Select[Pact]:
    """Select the pacts somebody may know of: all of them, since a pact is public from its co-design on."""
    del actor  # the same for everyone, and said here so that a page cannot forget to ask
    return whole()


def by_code(code: str) -> Select[Pact]:
    """Select one pact by its code, however it was typed."""
    return whole().where(Pact.code == code.strip().upper())


def by_number(number: int) -> Select[Pact]:
    """Select one pact by the number on its plaque."""
    return whole().where(Pact.number == number)


def codes_of(proposal_codes: list[str]) -> Select[str, str]:
    """Select which proposal became which pact."""
    return select(Pact.proposal_code, Pact.code).where(Pact.proposal_code.in_(proposal_codes))


def taken_commons(today: date) -> Select[int]:
    """Select the ids of the shared things that a pact looks after, or is being written about."""
    over = (State.CONCLUDED.value, State.TERMINATED.value)
    return select(Pact.commons_id).where(
        Pact.commons_id.is_not(None), Pact.state.not_in(over), Pact.ends_on >= today
    )


def by_proposal(proposal_code: str) -> Select[Pact]:
    """Select the pact that came of a proposal."""
    return whole().where(Pact.proposal_code == proposal_code.strip().upper())


def room_of(actor: Actor, code: str) -> Select[Pact]:
    """Select the pact if the actor may enter its room: the parties, and the staff who work on cases."""
    found = by_code(code)
    return found if actor.holds(*CASE_STAFF) else found.where(_is_party(actor))


def group_of(actor: Actor, code: str) -> Select[Pact]:
    """Select the same with its parties alone, for the rooms beside the text, in one question."""
    found = select(Pact).options(joinedload(Pact.parties)).where(Pact.code == code.strip().upper())
    return found if actor.holds(*CASE_STAFF) else found.where(_is_party(actor))


def _is_party(actor: Actor) -> ColumnElement[bool]:
    opened = actor.keys | actor.shares
    proposals = [key.removeprefix("proposal:") for key in opened if key.startswith("proposal:")]
    ways: list[ColumnElement[bool]] = [
        Pact.proposal_code.in_(proposals),
        Pact.organisation_id.in_(list(actor.organisations)),
    ]
    if actor.person_id is not None:
        own = exists().where(
            Party.pact_id == Pact.id,
            Party.person_id == actor.person_id,
            Party.side == "community",
            # Who left the organisation is its person no longer.
            or_(Party.organisation_id.is_(None), Party.organisation_id.in_(list(actor.organisations))),
        )
        ways.append(own)
    return or_(*ways)


def is_text_public(pact: Pact) -> bool:
    """Say whether everybody may read the versions of the text."""
    return pact.state in {state.value for state in TEXT_IS_PUBLIC}


def of_actor(actor: Actor) -> Select[Pact]:
    """Select the pacts a person is a party to, the newest first, for their own page."""
    return whole().where(_is_party(actor)).order_by(Pact.id.desc())


def version(pact_id: int, number: int) -> Select[PactVersion]:
    """Select one version of a pact's text."""
    return select(PactVersion).where(PactVersion.pact_id == pact_id, PactVersion.number == number)


def versions(pact_id: int) -> Select[PactVersion]:
    """Select all versions, the newest first."""
    return select(PactVersion).where(PactVersion.pact_id == pact_id).order_by(PactVersion.number.desc())


def by_content_hash(content_hash: str) -> Select[PactVersion]:
    """Select the version whose canonical text has this hash."""
    return select(PactVersion).where(PactVersion.content_hash == content_hash.strip().lower())


def suggestion(pact_id: int, suggestion_id: int) -> Select[Suggestion]:
    """Select one suggestion of this pact and no other."""
    return select(Suggestion).where(Suggestion.pact_id == pact_id, Suggestion.id == suggestion_id)


def promises(pact_id: int) -> Select[Promise]:
    """Select what both sides promised in the signed text."""
    return select(Promise).where(Promise.pact_id == pact_id).order_by(Promise.id)


def reports(pact_id: int | BindParameter[int], *, published_only: bool) -> Select[Report]:
    """Select a pact's reports with what became of each promise, the newest first."""
    found = select(Report).options(selectinload(Report.kept)).where(Report.pact_id == pact_id)
    if published_only:
        found = found.where(Report.state == ReportState.PUBLISHED.value)
    return found.order_by(Report.number.desc())


def report(pact_id: int, number: int, *, published_only: bool) -> Select[Report]:
    """Select one report."""
    return reports(pact_id, published_only=published_only).where(Report.number == number)


# Everybody reads the history of a pact: that its proposal was once offered to join another is not in it.
_BETWEEN_GROUPS = (Did.MERGE_OFFERED.value, Did.MERGE_ANSWERED.value, Did.MERGE_TAKEN_BACK.value)


def acts_of(pact: Pact) -> Select[Act]:
    """Select what the record says about a pact, its proposal and its support, the newest first."""
    # Keys, not the beginning of a text: only so the index of subjects is used, whatever the record's length.
    support = select(
        literal(f"allocation:{pact.code}:")
        + cast(Allocation.version, String)
        + literal(":")
        + Allocation.row_key
    ).where(Allocation.subject == pact.key)
    keys = union_all(select(literal(pact.key)), select(literal(f"proposal:{pact.proposal_code}")), support)
    found = select(Act).where(Act.subject.in_(keys), Act.verb.not_in(_BETWEEN_GROUPS))
    return found.order_by(Act.at.desc(), Act.id.desc())


def acts_of_proposal(code: str) -> Select[Act]:
    """Select what the record says about a proposal and the city's own work on it, the newest first."""
    found = select(Act).where(Act.subject.in_((f"proposal:{code}", f"case:{code}")))
    return found.order_by(Act.at.desc(), Act.id.desc())


def papers_of(pact: Pact, kind: str) -> Select[Paper]:
    """Select the issued papers of one kind about a pact, the newest first."""
    found = select(Paper).where(Paper.subject == pact.key, Paper.kind == kind, Paper.state.in_(ISSUED))
    return found.order_by(Paper.version.desc(), Paper.id.desc())


_IS_AGREEMENT = (
    Paper.subject == literal("pact:") + Pact.code,
    Paper.kind == AGREEMENT,
    Paper.edition == Edition.ORIGINAL.value,
    # Not IN: its list would be written into the statement anew at every call.
    or_(*(Paper.state == state for state in ISSUED)),
)


def has_paper() -> ColumnElement[bool]:
    """Return the condition that the sealed original of the agreement is issued."""
    return exists().where(*_IS_AGREEMENT)


def has_paper_each() -> ColumnElement[bool]:
    """Return the same as a column of a list."""
    return each(*_IS_AGREEMENT)


def each(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether there is such a row, to be told of each row of a list.

    An EXISTS as a column PostgreSQL may answer by reading the whole other table once, although the list is
    short; a value it looks up row by row.
    """
    one = literal_column("1", Integer)
    return select(one).where(*conditions).limit(one).scalar_subquery().is_not(None)


def with_paper(pact_ids: Iterable[int]) -> Select[int]:
    """Select the ids of those pacts whose sealed agreement is issued."""
    return select(Pact.id).where(Pact.id.in_(list(pact_ids)), has_paper())
