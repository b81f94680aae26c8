"""Questions about proposals: first who may see which, then the public lists as prepared statements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload, selectinload

from portal.documents.models import Paper
from portal.documents.queries import of_subject
from portal.notices.kinds import ENVELOPE
from portal.notices.models import Message
from portal.policy import VISITOR
from portal.proposals.lifecycle import State
from portal.proposals.models import (
    JoinRequest,
    Proposal,
    ProposalPhoto,
    Rating,
    ReceivedMail,
    RepositoryCheck,
    Supplement,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from portal.policy import Actor

KEY_PREFIX = "proposal:"
# Where a list begins that shows the newest first.
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
OPEN_STATES = (State.SUBMITTED.value, State.SUPPLEMENT_ASKED.value, State.REFUSAL_NOTICED.value)
# What was taken back or went on as another is no company for a new idea.
_NO_COMPANY = (State.WITHDRAWN.value, State.MERGED.value)
# What a public list shows of each proposal; nothing private can slip into a template through it.
PUBLIC_COLUMNS = (
    Proposal.id,
    Proposal.code,
    Proposal.state,
    Proposal.kind,
    Proposal.title,
    Proposal.summary,
    Proposal.district,
    Proposal.address,
    Proposal.group_kind,
    Proposal.group_name,
    Proposal.latitude_e6,
    Proposal.longitude_e6,
    Proposal.submitted_at,
    Proposal.answer_due_on,
    Proposal.decided_at,
    Proposal.language,
)

# What is said of another proposal on the page of one.
_NAMED = (Proposal.code, Proposal.title, Proposal.language)
_OFFERED = (selectinload(Proposal.commitments), selectinload(Proposal.asks), selectinload(Proposal.fences))


def visible_to(actor: Actor) -> Select[Proposal]:
    """Select what the actor may see: everybody what was sent, whoever holds a draft also that."""
    if actor.kind == "system":
        return select(Proposal)
    return select(Proposal).where(or_(Proposal.submitted_at.is_not(None), _held(actor)))


def held_by(actor: Actor) -> Select[Proposal]:
    """Select what the actor holds, by account or by a secret that was right."""
    return select(Proposal).where(_held(actor))


def _held(actor: Actor) -> ColumnElement[bool]:
    opened = actor.keys | actor.shares
    codes = [key.removeprefix(KEY_PREFIX) for key in opened if key.startswith(KEY_PREFIX)]
    ways = [_own(actor)] if actor.person_id is not None and not actor.helps else []
    if actor.speaks_for:
        ways.append(Proposal.organisation_id.in_(list(actor.speaks_for)))
    if codes:
        ways.append(Proposal.code.in_(codes))
    return or_(false(), *ways)


def _own(actor: Actor) -> ColumnElement[bool]:
    # A group's proposal is the group's: who left it holds it no longer.
    still_in = or_(
        Proposal.organisation_id.is_(None), Proposal.organisation_id.in_(list(actor.organisations))
    )
    return and_(Proposal.person_id == actor.person_id, still_in)


def by_code(found: Select[Proposal], code: str) -> Select[Proposal]:
    """Narrow a selection to one proposal, with all its parts."""
    return with_parts(found).where(Proposal.code == code)


def entered_for(pseudonym: str) -> Select[Proposal]:
    """Select what was entered at the counter for somebody, the last saved first."""
    return newest_first(select(Proposal).where(Proposal.entered_for == pseudonym))


def with_parts(found: Select[Proposal]) -> Select[Proposal]:
    """Load commitments, asks, fences and supplement requests along: four statements, whatever the number."""
    return found.options(*_OFFERED, selectinload(Proposal.supplements), joinedload(Proposal.call))


def sent(code: str) -> Select[Proposal]:
    """Select what everybody may see of one proposal, with the parts its page shows; for one_or_404."""
    found = visible_to(VISITOR).where(Proposal.code == code.strip().upper())
    return found.options(
        selectinload(Proposal.commitments),
        # At most one of each kind: asked along, they cost the page no statement of their own.
        joinedload(Proposal.asks),
        joinedload(Proposal.call),
        joinedload(Proposal.merged_into).load_only(*_NAMED),
        joinedload(Proposal.joined).load_only(*_NAMED),
    )


def newest_first(found: Select[Proposal]) -> Select[Proposal]:
    """Order what somebody holds, the last saved first."""
    return found.order_by(Proposal.saved_at.desc(), Proposal.id.desc())


def by_any_code(code: str) -> Select[Proposal]:
    """Select a proposal by its code alone, for checking the word that opens it."""
    return select(Proposal).where(Proposal.code == code)


def by_link_hash(link_hash: str) -> Select[Proposal]:
    """Select the proposal that a secret link opens."""
    return select(Proposal).where(Proposal.link_hash == link_hash)


def waiting(today: date) -> Select[Proposal]:
    """Select the open cases that are overdue on this day, the oldest first."""
    return (
        select(Proposal)
        .where(Proposal.state.in_((State.SUBMITTED.value, State.REFUSAL_NOTICED.value)))
        .where(Proposal.answer_due_on < today)
        .order_by(Proposal.answer_due_on, Proposal.id)
    )


def open_cases() -> Select[Proposal]:
    """Select the cases on the city's desk, the most urgent first."""
    return (
        select(Proposal)
        .where(Proposal.state.in_(OPEN_STATES))
        .order_by(Proposal.answer_due_on, Proposal.submitted_at, Proposal.id)
    )


def old_drafts(saved_before: datetime) -> Select[Proposal]:
    """Select the drafts that nobody saved since this instant."""
    return select(Proposal).where(Proposal.state == State.DRAFT.value, Proposal.saved_at < saved_before)


def unanswered_supplements(today: date) -> Select[Proposal]:
    """Select the cases whose request for missing items was not answered in its time."""
    return (
        select(Proposal)
        .join(Supplement)
        .where(Proposal.state == State.SUPPLEMENT_ASKED.value)
        .where(Supplement.supplied_at.is_(None), Supplement.answer_due_on < today)
    )


def photos_of(proposal_id: int) -> Select[ProposalPhoto]:
    """Select the photos of a proposal in their order."""
    return (
        select(ProposalPhoto).where(ProposalPhoto.proposal_id == proposal_id).order_by(ProposalPhoto.position)
    )


def photo_of(proposal_id: int, photo_id: int) -> Select[ProposalPhoto]:
    """Select one photo, where it is this proposal's."""
    return photos_of(proposal_id).where(ProposalPhoto.id == photo_id)


def join_request(subject: str, asked_by_id: int) -> Select[JoinRequest]:
    """Select what a proposal's holder wrote to the group of another."""
    return select(JoinRequest).where(JoinRequest.subject == subject, JoinRequest.asked_by_id == asked_by_id)


def mail_by_hash(mail_hash: str) -> Select[ReceivedMail]:
    """Select what was kept of a mail."""
    return select(ReceivedMail).where(ReceivedMail.mail_hash == mail_hash)


def mails_of(proposal_id: int) -> Select[ReceivedMail]:
    """Select what the holder wrote by mail, the newest first."""
    found = select(ReceivedMail).where(ReceivedMail.proposal_id == proposal_id)
    return found.order_by(ReceivedMail.id.desc()).limit(20)


def begun_by_nobody(codes: Collection[str]) -> Select[Proposal]:
    """Select the drafts among these codes that belong to no account and were not entered for anybody."""
    free = (Proposal.person_id.is_(None), Proposal.entered_for == "", Proposal.state == State.DRAFT.value)
    return select(Proposal).where(Proposal.code.in_(list(codes)), *free)


def last_sent_by(person_id: int) -> Select[Proposal]:
    """Select the last proposal that a person sent in their own name."""
    return (
        select(Proposal)
        .where(Proposal.person_id == person_id, Proposal.submitted_at.is_not(None))
        .where(Proposal.entered_by_id.is_(None))
        .order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
        .limit(1)
    )


def unreached(most_tries: int) -> Select[int, str, str]:
    """Select id, code and repository of the open cases whose repository was not reached, the oldest first."""
    given_up = or_(RepositoryCheck.opens, RepositoryCheck.tries >= most_tries)
    known = exists().where(
        RepositoryCheck.proposal_id == Proposal.id, RepositoryCheck.address == Proposal.repository, given_up
    )
    return (
        select(Proposal.id, Proposal.code, Proposal.repository)
        .where(Proposal.state.in_(OPEN_STATES), Proposal.repository != "", ~known)
        .order_by(Proposal.id)
        .limit(100)
    )


def soon_lapsing(saved_before: datetime) -> Select[Proposal]:
    """Select the drafts that nobody saved since this instant and whose holder can be written to."""
    reachable = or_(Proposal.person_id.is_not(None), Proposal.contact_email != "")
    return old_drafts(saved_before).where(reachable)


def rating_of(mark: str) -> Select[Rating]:
    """Select the rating that stands for one proposal, by its mark."""
    return select(Rating).where(Rating.sent_hash == mark)


def stars_counted() -> Select[int, int]:
    """Select how often each number of stars was given."""
    return select(Rating.stars, func.count()).group_by(Rating.stars)


def newest_ratings(limit: int) -> Select[Rating]:
    """Select the newest ratings."""
    return select(Rating).order_by(Rating.given_on.desc(), Rating.id.desc()).limit(limit)


def messages_of(proposal: Proposal) -> Select[Message]:
    """Select what the city wrote to the holder about this proposal, the newest first; never staff mail."""
    if proposal.person_id is not None:
        mine = Message.person_id == proposal.person_id
    else:
        mine = and_(
            Message.person_id.is_(None), Message.address == proposal.contact_email, Message.address != ""
        )
    return (
        select(Message)
        .where(Message.subject_key == proposal.key, Message.event != ENVELOPE, mine)
        .order_by(Message.id.desc())
        .limit(50)
    )


def receipts_of(proposal: Proposal) -> Select[Paper]:
    """Select the issued receipts of a proposal, the newest first."""
    return of_subject(proposal.key, public_only=False).where(Paper.kind == "receipt")


# The newest few, for the home page.
PUBLIC_NEWEST = (
    select(*PUBLIC_COLUMNS)
    .where(Proposal.submitted_at.is_not(None))
    .order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
    .limit(bindparam("size", type_=Integer()))
)
# Others like one's own: the same kind and district, or simply the same kind, newest first.
PUBLIC_SIMILAR = (
    select(*PUBLIC_COLUMNS)
    .where(Proposal.submitted_at.is_not(None), Proposal.state.not_in(_NO_COMPANY))
    .where(Proposal.kind == bindparam("kind", type_=String()))
    .where(Proposal.code != bindparam("code", type_=String()))
    .order_by(
        (Proposal.district == bindparam("district", type_=String())).desc(), Proposal.submitted_at.desc()
    )
    .limit(bindparam("size", type_=Integer()))
)
# Points on the map.
PUBLIC_POINTS = (
    select(*PUBLIC_COLUMNS)
    .where(Proposal.submitted_at.is_not(None), Proposal.latitude_e6.is_not(None))
    .where(Proposal.state.in_(OPEN_STATES))
    .order_by(Proposal.id.desc())
    .limit(bindparam("size", type_=Integer()))
)
# What lies within a box on the map, in millionths of a degree; what was taken back or refused is no company.
PUBLIC_NEAR = (
    select(*PUBLIC_COLUMNS)
    .where(
        Proposal.latitude_e6.between(bindparam("south", type_=Integer()), bindparam("north", type_=Integer()))
    )
    .where(
        Proposal.longitude_e6.between(bindparam("west", type_=Integer()), bindparam("east", type_=Integer()))
    )
    .where(Proposal.state.in_((*OPEN_STATES, State.ACCEPTED.value)))
    .order_by(Proposal.id.desc())
    .limit(50)
)
